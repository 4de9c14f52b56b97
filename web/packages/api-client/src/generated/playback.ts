//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/m/{asset}/{token}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A manifest or playlist */
        get: operations["get_manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/s/{asset}/{token}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Part of a media file
         * @description Answers the range that is asked for. Files never change, so a copy is good for as long as the token is.
         */
        get: operations["get_segment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/playbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to play
         * @description Answers where the manifests are. Everything behind them needs the token in their paths, until `expires_at`.
         */
        post: operations["create_playback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/playbacks/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report what the player does
         * @description Reports that say nothing new are taken and not told on.
         */
        post: operations["report_playback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The same segments, described twice. Paths are relative to the gateway and carry the session's token. */
        PlaybackManifests: {
            dash: string;
            hls: string;
        };
        /** @description What a player reports while it plays. */
        PlaybackReport: {
            kind: components["schemas"]["PlaybackState"];
            /**
             * Format: double
             * @description Position in the film, in seconds.
             */
            position_s: number;
        };
        /** @description What to play. */
        PlaybackRequest: {
            /** @description Required for a show. */
            episode_id?: string;
            /** @description A film, or the show the episode belongs to. */
            title_id: string;
        };
        /** @description A playback session: where the film is, and until when it may be fetched. */
        PlaybackSession: {
            /** @description Who made the film and under which licence, where the licence asks for it to be shown. */
            attribution?: string;
            /**
             * Format: double
             * @description Length in seconds.
             */
            duration_s: number;
            episode_id?: string;
            /** @description Where the player reports to. */
            events_url: string;
            /**
             * Format: date-time
             * @description When manifests and segments stop being served to this session.
             */
            expires_at: string;
            id: string;
            manifest: components["schemas"]["PlaybackManifests"];
            /** @description Also in the manifests; here for menus that are drawn before those are loaded. */
            subtitles: components["schemas"]["PlaybackSubtitleOption"][];
            title_id: string;
        };
        /**
         * @description Where a session stands.
         * @enum {string}
         */
        PlaybackState: "started" | "progress" | "stopped";
        /** @description A subtitle track. */
        PlaybackSubtitleOption: {
            /** @description BCP 47. */
            language: string;
            /** @description The language's own name for itself, or what the track calls itself. */
            name: string;
        };
        /** @description Problem details (RFC 9457). */
        Problem: {
            /** @description Stable name of the kind of problem: branch on this. */
            code: string;
            /** @description What happened this time and what to do. */
            detail?: string;
            /** @description Id of the request that failed. */
            request_id?: string;
            /**
             * Format: int32
             * @description The response's status.
             */
            status: number;
            /** @description One short sentence, the same for every occurrence of the code. */
            title: string;
            /** @description `/problems/<code>`. */
            type: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_manifest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The asset */
                asset: string;
                /** @description What `POST /v1/playbacks` granted */
                token: string;
                /** @description `master.m3u8`, `manifest.mpd`, or what the master playlist names */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HLS playlist or DASH manifest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apple.mpegurl": string;
                    "application/dash+xml": string;
                };
            };
            /** @description The token is not valid or has expired */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token is for another film or another account */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The film has no such file */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_segment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The asset */
                asset: string;
                /** @description What `POST /v1/playbacks` granted */
                token: string;
                /** @description What a manifest names */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                    "audio/mp4": string;
                    "text/vtt; charset=utf-8": string;
                };
            };
            /** @description The range */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                    "audio/mp4": string;
                    "text/vtt; charset=utf-8": string;
                };
            };
            /** @description The caller's copy is good */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token is not valid or has expired */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token is for another film or another account */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The film has no such file */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The range lies outside of the file */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_playback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaybackRequest"];
            };
        };
        responses: {
            /** @description A session of the caller's account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaybackSession"];
                };
            };
            /** @description The request is nobody's */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is nothing to play */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is being prepared, or could not be */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A show without an episode */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_playback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The playback session */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaybackReport"];
            };
        };
        responses: {
            /** @description Taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is nobody's */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The account has no such session */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not a position in a film */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

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
         * @description Answers the range that is asked for. Files never change, so a copy is good for as long as the token is. What the player
         *     says in CMCD headers (CTA-5004 version 1) becomes part of the session's story.
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
    "/v1/diagnoses/titles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say why a title does or does not play
         * @description A title nobody has brought a file for is `absent`: whether there is such a title the catalog knows. For the console
         *     only.
         */
        get: operations["get_title_diagnosis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marks/{playable}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What may be skipped
         * @description As players are told: what an operator said, else what the film's own chapters or the file beside it said.
         */
        get: operations["get_marks"];
        /** Say what may be skipped */
        put: operations["set_marks"];
        post?: never;
        /**
         * Take back what was said
         * @description What the film itself says counts again.
         */
        delete: operations["clear_marks"];
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
         *     An account has so many places; a session holds one while its player reports, 90 seconds beyond the last word.
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
         * @description Keeps the session's place for 90 seconds: a player reports every 30, and whenever it begins, pauses or stops. Reports
         *     that say nothing new are taken and not told on. `events` tell how well it plays: they are counted and logged, and change
         *     nothing for the viewer.
         */
        post: operations["report_playback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/records/{profile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read everything that is kept about a profile
         * @description For profiles, which puts it into the profile's export. A profile nobody has heard of has an empty record.
         */
        get: operations["get_record"];
        put?: never;
        post?: never;
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
        /** @description What is played. */
        PlaybackAssetDiagnosis: {
            audio: components["schemas"]["PlaybackAudioDiagnosis"][];
            /** @description Whether its files are there; without them the two lists are empty. */
            complete: boolean;
            /** Format: double */
            duration_s: number;
            episode_id?: string;
            id: string;
            subtitle_languages: string[];
            /** @description The ladder, smallest first. */
            video: components["schemas"]["PlaybackVideoDiagnosis"][];
        };
        /** @description One sound. */
        PlaybackAudioDiagnosis: {
            /** Format: int32 */
            channels: number;
            /**
             * @description RFC 6381.
             * @example mp4a.40.2
             */
            codec: string;
            /** @description BCP 47; `und` when nobody says. */
            language: string;
        };
        /** @description Why there is no playback now. */
        PlaybackConflict: components["schemas"]["Problem"] & {
            /**
             * Format: int32
             * @description With `title-being-prepared`: how much is done.
             */
            percent?: number;
            /** @description With `too-many-streams`: what plays, in the order it began. */
            streams?: components["schemas"]["PlaybackStream"][];
        };
        /** @description The credits at the end. */
        PlaybackCreditsMark: {
            /**
             * Format: double
             * @description In seconds.
             */
            start_s: number;
        };
        /** @description The titles at the beginning, or near it. */
        PlaybackIntroMark: {
            /**
             * Format: double
             * @description In seconds.
             */
            end_s: number;
            /**
             * Format: double
             * @description In seconds.
             */
            start_s: number;
        };
        /** @description The same segments, described twice. Paths are relative to the gateway and carry the session's token. */
        PlaybackManifests: {
            dash: string;
            hls: string;
        };
        /** @description Parts of a film that may be skipped. */
        PlaybackMarks: {
            credits?: components["schemas"]["PlaybackCreditsMark"];
            intro?: components["schemas"]["PlaybackIntroMark"];
        };
        /** @description The episode after this one, which can be played. */
        PlaybackNextEpisode: {
            episode_id: string;
            name: string;
            /**
             * Format: int32
             * @description Number in the season.
             */
            number: number;
            /**
             * Format: int32
             * @description Number of its season.
             */
            season: number;
        };
        /** @description Something that happened in a player. */
        PlaybackPlayerEvent: {
            /**
             * Format: int32
             * @description When, in milliseconds since the player was asked to play. A player's clock is not ours, its differences are true.
             */
            at_ms: number;
            /**
             * Format: int32
             * @description Of the rendition that plays (`br`).
             */
            bitrate_kbps?: number;
            /**
             * Format: int32
             * @description Length of what is loaded ahead (`bl`).
             */
            buffer_ms?: number;
            /**
             * Format: int32
             * @description `startup`: how long the first picture took; `stall_ended`: how long the picture stood.
             */
            duration_ms?: number;
            /** @description The player's own name for an error: letters, digits, `-`, `_` and `.`, at most 64. */
            error?: string;
            /** @description `error`: whether the film ended by it. */
            fatal?: boolean;
            /**
             * Format: int32
             * @description Lines of the rendition that plays.
             */
            height?: number;
            kind: components["schemas"]["PlaybackPlayerEventKind"];
            /**
             * Format: double
             * @description Position in the film, in seconds.
             */
            position_s: number;
            /** @description `rendition_switched`: why this one. */
            reason?: components["schemas"]["PlaybackSwitchReason"];
            /**
             * Format: int32
             * @description HTTP status of the answer that the error is about; absent when there was none.
             */
            status?: number;
            /**
             * Format: int32
             * @description What the player measured (`mtp`).
             */
            throughput_kbps?: number;
        };
        /**
         * @description Kinds of what happens in a player.
         * @enum {string}
         */
        PlaybackPlayerEventKind: "startup" | "stall_began" | "stall_ended" | "rendition_switched" | "error" | "ended";
        /**
         * @description How far a title has come.
         * @enum {string}
         */
        PlaybackPreparation: "ready" | "queued" | "running" | "failed" | "absent";
        /** @description Everything about a profile. */
        PlaybackRecord: {
            /** @description Playbacks that are kept, the latest first: each until a day after its token ended. */
            sessions: components["schemas"]["PlaybackRecordedSession"][];
        };
        /** @description One film or episode, played on one device. */
        PlaybackRecordedSession: {
            /** @description As the player called it; empty when it did not say. */
            device_name: string;
            episode_id?: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            /** Format: double */
            position_s: number;
            /** Format: date-time */
            started_at: string;
            /** @description `created`, `started`, `progress`, `stopped`. */
            state: string;
            title_id: string;
        };
        /** @description What a player reports while it plays. */
        PlaybackReport: {
            /** @description What the player met since its last report, in order; at most 64. */
            events?: components["schemas"]["PlaybackPlayerEvent"][];
            kind: components["schemas"]["PlaybackState"];
            /**
             * Format: double
             * @description Position in the film, in seconds.
             */
            position_s: number;
        };
        /** @description What to play. */
        PlaybackRequest: {
            /** @description What the household calls the device, for that list; at most 80 characters are kept. */
            device_name?: string;
            /** @description Required for a show. */
            episode_id?: string;
            /**
             * @description A playback of the same account that ends so that this one may begin: one of those a 409 `too-many-streams` lists, or
             *     the player's own when it starts again. Naming one that is over, or not the account's, changes nothing.
             */
            take_over?: string;
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
            /**
             * @description Where the player reports to: what it does, and at least every 30 seconds that it is there. A session that has been
             *     silent for 90 seconds may lose its place to another one.
             */
            events_url: string;
            /**
             * Format: date-time
             * @description When manifests and segments stop being served to this session.
             */
            expires_at: string;
            id: string;
            manifest: components["schemas"]["PlaybackManifests"];
            /** @description Parts of the film that may be skipped, where they are known. */
            marks?: components["schemas"]["PlaybackMarks"];
            /** @description What comes after an episode; absent after a film, after the last episode, and when nobody could say in time. */
            next_episode?: components["schemas"]["PlaybackNextEpisode"];
            /**
             * Format: double
             * @description Where the profile stopped last time, in seconds. Absent: begin at the beginning, or nobody could say in time.
             */
            resume_position_s?: number;
            /** @description Also in the manifests; here for menus that are drawn before those are loaded. */
            subtitles: components["schemas"]["PlaybackSubtitleOption"][];
            title_id: string;
        };
        /**
         * @description Where a session stands.
         * @enum {string}
         */
        PlaybackState: "started" | "progress" | "stopped";
        /** @description A playback of the account that is going on: one line of a 409 `too-many-streams`. */
        PlaybackStream: {
            device_name: string;
            episode_id?: string;
            /** @description What `take_over` takes. */
            playback_id: string;
            /** Format: date-time */
            started_at: string;
            /** @description Absent where the caller may not know of the title. */
            title_id?: string;
        };
        /** @description A subtitle track. */
        PlaybackSubtitleOption: {
            /** @description BCP 47. */
            language: string;
            /** @description The language's own name for itself, or what the track calls itself. */
            name: string;
        };
        /**
         * @description Why a player plays this rendition and not another.
         * @enum {string}
         */
        PlaybackSwitchReason: "first" | "throughput" | "screen_size" | "top";
        /** @description Playback's part of a diagnosis: `GET /v1/diagnoses/titles/{id}`, for the console alone. */
        PlaybackTitleDiagnosis: {
            /** @description What is played: of a show, its first episode that can be. */
            asset?: components["schemas"]["PlaybackAssetDiagnosis"];
            /**
             * Format: int64
             * @description Episodes of a show that can be played.
             */
            episodes_ready: number;
            /** @description Why its preparation failed, in the encoder's words. */
            failure?: string;
            /**
             * Format: int32
             * @description While it is being prepared: how much is done.
             */
            percent?: number;
            state: components["schemas"]["PlaybackPreparation"];
            title_id: string;
        };
        /** @description One step of the ladder. */
        PlaybackVideoDiagnosis: {
            /**
             * Format: int64
             * @description Over its whole length.
             */
            bitrate_kbps: number;
            /**
             * @description RFC 6381.
             * @example avc1.64001e
             */
            codec: string;
            /** Format: int32 */
            height: number;
            /** Format: int32 */
            width: number;
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
            /** @description The token is for another film or somebody else */
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
            /** @description `taken-over`: another device of the account has the session's place */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `playback-over`: the session was silent and its place was wanted, or its profile may no longer see this */
            410: {
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
            /** @description The token is for another film or somebody else */
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
            /** @description `taken-over`: another device of the account has the session's place */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `playback-over`: the session was silent and its place was wanted, or its profile may no longer see this */
            410: {
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
    get_title_diagnosis: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The title's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What playback knows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaybackTitleDiagnosis"];
                };
            };
            /** @description `service-only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_marks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A film or an episode */
                playable: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its marks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaybackMarks"];
                };
            };
            /** @description For operators and services */
            403: {
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
        };
    };
    set_marks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A film or an episode */
                playable: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaybackMarks"];
            };
        };
        responses: {
            /** @description Players are told so from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description For operators and services */
            403: {
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
            /** @description Not parts of this film */
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
    clear_marks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A film or an episode */
                playable: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is said of it any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description For operators and services */
            403: {
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
            /** @description A session of the caller's */
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
            /** @description The profile has been deleted */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is nothing to play, or nothing for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-streams`: all places are held; `title-being-prepared`, `title-preparation-failed`: there is no film yet */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["PlaybackConflict"];
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
            /** @description Nobody can say whether the caller may see it */
            503: {
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
            /** @description The caller has no such session */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `taken-over`: another device of the account has the session's place */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `playback-over`: the session was silent and its place was wanted, or its profile may no longer see this */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not a position in a film, or not what a player may tell */
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
    get_record: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the profile */
                profile: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaybackRecord"];
                };
            };
            /** @description `service-only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable` */
            503: {
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

//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/v1/admissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether somebody may become a profile
         * @description For identity. The answer is what a token of that profile says.
         */
        post: operations["create_admission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/diagnoses/profiles/{profile_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what a profile may see
         * @description For the console only.
         */
        get: operations["get_profile_diagnosis"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/erasures/{erasure_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the deletion of a profile is */
        get: operations["get_erasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/erasures/{erasure_id}/acknowledgements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that nothing of a deleted profile is left
         * @description For services that follow the outbox. Saying it twice is saying it once.
         */
        post: operations["acknowledge_erasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{export_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an export is */
        get: operations["get_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{export_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The archive of an export
         * @description A ZIP of JSON files, with a list of them. Whose part is missing is in the export's `missing`.
         */
        get: operations["get_archive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What to go on with
         * @description From 2 to 95 percent; after that the next episode, if there is one.
         */
        get: operations["list_continue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/continue/{title_id}/hide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hide a title from what to go on with
         * @description Until it is played again.
         */
        post: operations["hide_title"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The viewing history */
        get: operations["list_history"];
        put?: never;
        post?: never;
        /**
         * Delete the whole viewing history
         * @description Positions with it. List and thumbs stay.
         */
        delete: operations["delete_history"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/history/{entry_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete one entry of the viewing history
         * @description As if it had not been watched: it is not gone on with, and recommends nothing.
         */
        delete: operations["delete_history_entry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My list */
        get: operations["list_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/list/{title_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a title on my list */
        put: operations["put_list_title"];
        post?: never;
        /** Take a title off my list */
        delete: operations["delete_list_title"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/picks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Pick titles to begin with
         * @description In place of those picked before.
         */
        put: operations["put_picks"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/positions/{playable_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where somebody stopped */
        get: operations["get_position"];
        /**
         * Tell where somebody is
         * @description Telling it twice, or late, does no harm. Every half minute is often enough while it plays, and at once on a pause, at
         *     the end and when the page goes away; what could not be sent is sent later.
         */
        put: operations["put_position"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The preferences of whoever is watching */
        get: operations["get_own_preferences"];
        /**
         * Replace the preferences of whoever is watching
         * @description A child's profile may, too: captions are not a matter of age.
         */
        put: operations["put_own_preferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/shelf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a page of this profile is made of
         * @description Whether it has changed costs one read of one number.
         */
        get: operations["get_shelf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/thumbs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The verdicts given */
        get: operations["list_thumbs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/thumbs/{title_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give a verdict on a title */
        put: operations["put_thumb"];
        post?: never;
        /** Take a verdict back */
        delete: operations["delete_thumb"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The account's profiles
         * @description The first look makes the first one, in the language of `Accept-Language`.
         */
        get: operations["list_profiles"];
        put?: never;
        /** Create a profile */
        post: operations["create_profile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profiles/{profile_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A profile of the account */
        get: operations["get_profile"];
        put?: never;
        post?: never;
        /**
         * Delete a profile
         * @description It and everything about it is gone here at once; every other service that kept something about it is told, and says
         *     when nothing is left. After the last profile of an account the next look makes a new one.
         */
        delete: operations["delete_profile"];
        options?: never;
        head?: never;
        /**
         * Change a profile
         * @description A change of ceiling reaches a device with its next token, within ten minutes.
         */
        patch: operations["change_profile"];
        trace?: never;
    };
    "/v1/profiles/{profile_id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an export of everything about a profile
         * @description While one is being made, that one is answered.
         */
        post: operations["create_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profiles/{profile_id}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a profile's PIN
         * @description A grown-up's is asked for on the way into the profile, a child's on the way out. Devices that are in already stay.
         *     Who forgot it signs in with the account's password and sets another one.
         */
        put: operations["put_pin"];
        post?: never;
        /** Take a profile's PIN away */
        delete: operations["delete_pin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profiles/{profile_id}/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A profile's preferences */
        get: operations["get_preferences"];
        /**
         * Replace a profile's preferences
         * @description Members that are absent become the usual ones.
         */
        put: operations["put_preferences"];
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
        /** @description What a token may say. */
        ProfilesAdmission: {
            kids: boolean;
            /**
             * Format: int32
             * @description Highest certification age that may be seen; absent: no ceiling. For the account as a whole it is the lowest of its
             *     profiles' as soon as one of them is a child's or has a PIN.
             */
            maturity?: number;
            /** @description The profile's name. */
            name?: string;
            /** @description Absent: the account as a whole. */
            profile_id?: string;
        };
        /** @description Somebody signed in to this account wants to be this profile, or the account as a whole. */
        ProfilesAdmissionRequest: {
            account_id: string;
            /** @description The profile in use until now: leaving a child's may need a PIN. */
            from_profile_id?: string;
            pin?: string;
            /** @description Absent: the account as a whole. */
            profile_id?: string;
        };
        /**
         * @description A face, drawn by the screens.
         * @enum {string}
         */
        ProfilesAvatar: "bulb" | "ticket" | "reel" | "moon" | "comet" | "fox" | "owl" | "whale" | "cactus" | "teapot" | "umbrella" | "kite";
        /** @enum {string} */
        ProfilesCaptionBackground: "none" | "shade" | "box";
        /** @enum {string} */
        ProfilesCaptionColour: "white" | "yellow" | "green" | "cyan";
        /** @enum {string} */
        ProfilesCaptionSize: "small" | "medium" | "large" | "huge";
        /** @description How captions look. */
        ProfilesCaptionStyle: {
            /** @default shade */
            background: components["schemas"]["ProfilesCaptionBackground"];
            /** @default white */
            colour: components["schemas"]["ProfilesCaptionColour"];
            /** @default medium */
            size: components["schemas"]["ProfilesCaptionSize"];
        };
        /** @description What was begun and not finished, the newest first, each title once; at most 20. */
        ProfilesContinue: {
            items: components["schemas"]["ProfilesContinueItem"][];
        };
        /** @description Something to go on with. */
        ProfilesContinueItem: {
            /** Format: date-time */
            at: string;
            /**
             * Format: double
             * @description In seconds; 0 while the length of a next episode is not known.
             */
            duration_s: number;
            episode_id?: string;
            /**
             * Format: double
             * @description 0 to 1.
             */
            fraction: number;
            /** @description The episode before was finished, this one is next. */
            next: boolean;
            /**
             * Format: double
             * @description In seconds; 0 for a next episode.
             */
            position_s: number;
            title_id: string;
        };
        /** @description A profile on its way out. */
        ProfilesErasure: {
            /** Format: date-time */
            begun_at: string;
            /**
             * Format: date-time
             * @description When the last of them said so.
             */
            done_at?: string;
            id: string;
            profile_id: string;
            /** @description Every application that keeps something about profiles. */
            services: components["schemas"]["ProfilesErasureService"][];
            state: components["schemas"]["ProfilesErasureState"];
        };
        /** @description Nothing is left with the caller. */
        ProfilesErasureAcknowledgement: {
            /**
             * Format: int32
             * @description How many records went.
             */
            removed: number;
        };
        /** @description One application's part. */
        ProfilesErasureService: {
            /**
             * Format: date-time
             * @description When it said that nothing is left; absent while it has not.
             */
            acknowledged_at?: string;
            /**
             * Format: int64
             * @description How many records went.
             */
            removed?: number;
            /** @description Its name in the registry. */
            service: string;
        };
        /** @enum {string} */
        ProfilesErasureState: "running" | "done";
        /** @description An export being made, or made. */
        ProfilesExport: {
            /** @description Where the archive is, once it is ready. It is forgotten a week after it was begun. */
            archive?: string;
            /** Format: date-time */
            begun_at: string;
            id: string;
            /**
             * @description Services that did not say what they keep about the profile, so that it is not in the archive, of one that is ready.
             *     Absent when all is in it; otherwise begin another one when they are back.
             * @example [
             *       "recommendations"
             *     ]
             */
            missing?: string[];
            /**
             * Format: int64
             * @description Parts that are gathered,
             */
            parts_done: number;
            /**
             * Format: int64
             * @description of so many.
             */
            parts_total: number;
            profile_id: string;
            state: components["schemas"]["ProfilesExportState"];
        };
        /** @enum {string} */
        ProfilesExportState: "queued" | "running" | "ready" | "failed";
        /** @description A part of the viewing history, the newest first. */
        ProfilesHistory: {
            items: components["schemas"]["ProfilesHistoryEntry"][];
            next?: string;
        };
        /** @description One film or episode of one playback. */
        ProfilesHistoryEntry: {
            /**
             * Format: double
             * @description of so many.
             */
            duration_s: number;
            episode_id?: string;
            /**
             * Format: double
             * @description 0 to 1.
             */
            fraction: number;
            id: string;
            /**
             * Format: date-time
             * @description When it was heard of last.
             */
            last_at: string;
            /**
             * Format: double
             * @description Where it was stopped, in seconds,
             */
            position_s: number;
            /** Format: date-time */
            started_at: string;
            title_id: string;
        };
        /** @description A part of the list, the newest first. */
        ProfilesList: {
            items: components["schemas"]["ProfilesListItem"][];
            next?: string;
        };
        /** @description A title on somebody's list. */
        ProfilesListItem: {
            /** Format: date-time */
            added_at: string;
            title_id: string;
        };
        /** @description A new profile. */
        ProfilesNewProfile: {
            /** @description One nobody has yet unless told. */
            avatar?: components["schemas"]["ProfilesAvatar"];
            kids?: boolean;
            /** @description BCP 47; that of `Accept-Language` unless told. */
            language?: string;
            /**
             * Format: int32
             * @description Highest certification age it may see, 0 to 21; a child's at most 12, and 7 unless told.
             */
            maturity?: number;
            /**
             * @description 1 to 40 characters.
             * @example Ada
             */
            name: string;
            /**
             * Format: password
             * @description 4 to 8 digits.
             */
            pin?: string;
        };
        /** @description A verdict. */
        ProfilesNewThumb: {
            value: components["schemas"]["ProfilesThumb"];
        };
        /** @description What was picked. */
        ProfilesPicks: {
            /** @description At most 10. */
            title_ids: string[];
        };
        /** @description A PIN. */
        ProfilesPin: {
            /**
             * Format: password
             * @description 4 to 8 digits.
             * @example 2468
             */
            pin: string;
        };
        /** @description Where somebody stopped. */
        ProfilesPosition: {
            /** Format: date-time */
            at: string;
            /**
             * Format: double
             * @description In seconds.
             */
            duration_s: number;
            episode_id?: string;
            /** @description The film or the episode. */
            playable_id: string;
            /**
             * Format: double
             * @description In seconds.
             */
            position_s: number;
            title_id: string;
        };
        /**
         * @description A position as a player reports it. Repeating one, or sending several out of order, does no harm: the newest by `at`
         *     counts, and one `session` and `seq` counts once.
         */
        ProfilesPositionReport: {
            /**
             * Format: date-time
             * @description When, by the player's clock. A time to come is taken as now.
             */
            at: string;
            /**
             * Format: double
             * @description Length of what is played, in seconds.
             */
            duration_s: number;
            /** @description Required for a show. */
            episode_id?: string;
            /**
             * Format: double
             * @description In seconds.
             */
            position_s: number;
            /**
             * Format: int32
             * @description Counts the session's reports.
             */
            seq: number;
            /** @description The playback session. */
            session: string;
            state: components["schemas"]["ProfilesPositionState"];
            /** @description A film, or the show the episode belongs to. */
            title_id: string;
        };
        /**
         * @description What a player is doing when it reports.
         * @enum {string}
         */
        ProfilesPositionState: "playing" | "paused" | "stopped";
        /** @description What a profile likes to have, beside what it likes to see. */
        ProfilesPreferences: {
            /** @description BCP 47; absent: as the film is made. */
            audio_language?: string;
            /**
             * @description Whether the next episode begins by itself.
             * @default true
             */
            autoplay: boolean;
            /** @description BCP 47; absent: no captions. */
            caption_language?: string;
            /**
             * @default {
             *       "background": "shade",
             *       "colour": "white",
             *       "size": "medium"
             *     }
             */
            captions: components["schemas"]["ProfilesCaptionStyle"];
        };
        /** @description Somebody who watches. */
        ProfilesProfile: {
            avatar: components["schemas"]["ProfilesAvatar"];
            /** Format: date-time */
            created_at: string;
            /** @description A grown-up's: asked for on the way in. A child's: on the way out. */
            has_pin: boolean;
            id: string;
            /** @description A child's: it manages nothing. */
            kids: boolean;
            /** @description BCP 47. */
            language: string;
            /**
             * Format: int32
             * @description Highest certification age it may see; absent: no ceiling.
             */
            maturity?: number;
            name: string;
        };
        /** @description What is to be different (RFC 7396): members that are absent stay as they are. */
        ProfilesProfileChange: {
            avatar?: components["schemas"]["ProfilesAvatar"];
            kids?: boolean;
            language?: string;
            /**
             * Format: int32
             * @description `null` takes the ceiling away; a child's becomes the usual one.
             */
            maturity?: number | null;
            name?: string;
        };
        /** @description Profiles' part of a diagnosis: `GET /v1/diagnoses/profiles/{id}`, for the console alone. No name: it is not needed. */
        ProfilesProfileDiagnosis: {
            account_id: string;
            kids: boolean;
            /**
             * Format: int32
             * @description Highest certification age it may see; absent: no ceiling.
             */
            maturity?: number;
            profile_id: string;
        };
        /** @description The profiles of an account, the oldest first. */
        ProfilesProfiles: {
            items: components["schemas"]["ProfilesProfile"][];
        };
        /** @description Something that was watched. */
        ProfilesRecent: {
            /** Format: date-time */
            at: string;
            /** @description The episode watched last. */
            episode_id?: string;
            /**
             * Format: double
             * @description How much of it, 0 to 1.
             */
            fraction: number;
            title_id: string;
        };
        /** @description A profile's shelf. Ids only: names and pictures are the catalog's. */
        ProfilesShelf: {
            /** @description What was begun and not finished, the newest first, each title once; at most 20. */
            continue: components["schemas"]["ProfilesContinueItem"][];
            /** @description The newest first; at most 100. */
            list: components["schemas"]["ProfilesListItem"][];
            /** @description Whether there are older thumbs than these. */
            more_thumbs?: boolean;
            /** @description Titles picked when the profile began. */
            picks: string[];
            profile: components["schemas"]["ProfilesShelfProfile"];
            /** @description What was watched last, the newest first, each title once; at most 50. */
            recent: components["schemas"]["ProfilesRecent"][];
            /** @description The newest first; at most 500. */
            thumbs: components["schemas"]["ProfilesThumbItem"][];
            /** @description Another one means that something below is different. */
            version: string;
        };
        /** @description Whose shelf. */
        ProfilesShelfProfile: {
            id: string;
            kids: boolean;
            /** @description BCP 47. */
            language: string;
            name: string;
        };
        /**
         * @description A verdict.
         * @enum {string}
         */
        ProfilesThumb: "down" | "up" | "double_up";
        /** @description A verdict on a title. */
        ProfilesThumbItem: {
            title_id: string;
            value: components["schemas"]["ProfilesThumb"];
        };
        /** @description A part of the verdicts, the newest first. */
        ProfilesThumbs: {
            items: components["schemas"]["ProfilesThumbItem"][];
            next?: string;
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
    create_admission: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesAdmissionRequest"];
            };
        };
        responses: {
            /** @description What a token may say */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesAdmission"];
                };
            };
            /** @description `pin-required`, `pin-wrong` with `tries_left`, `service-only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `pin-locked` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `pin-busy`, `unavailable` */
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
    get_profile_diagnosis: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whose it is and its ceiling */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesProfileDiagnosis"];
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
            /** @description `profile-not-found` */
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
    get_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the answer to the deletion */
                erasure_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who has said that nothing is left */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesErasure"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `erasure-not-found` */
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
    acknowledge_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the event `profile.deleted` */
                erasure_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesErasureAcknowledgement"];
            };
        };
        responses: {
            /** @description Noted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description `erasure-not-found` */
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
    get_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export's id */
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesExport"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `export-not-found` */
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
    get_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export's id */
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `export-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `export-not-ready` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_continue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesContinue"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    hide_title: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The title's id */
                title_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not in the row any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    list_history: {
        parameters: {
            query?: {
                /** @description How many, 1 to 200; 50 unless told. */
                limit?: number;
                /** @description `next` of the part before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesHistory"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `query-invalid`, `cursor-invalid` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    delete_history: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required`, `kids-profile` */
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
    delete_history_entry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The entry's id */
                entry_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required`, `kids-profile` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `history-entry-not-found` */
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
    list_list: {
        parameters: {
            query?: {
                /** @description How many, 1 to 200; 50 unless told. */
                limit?: number;
                /** @description `next` of the part before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesList"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `query-invalid`, `cursor-invalid` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    put_list_title: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The title's id */
                title_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on the list */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `list-full`: there are 500 */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid`: no id */
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
    delete_list_title: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The title's id */
                title_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not on the list */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    put_picks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesPicks"];
            };
        };
        responses: {
            /** @description They are picked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid`: too many, or no ids */
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
    get_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A film's id, or an episode's */
                playable_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The position */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesPosition"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `position-not-found`: it was not begun */
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
    put_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The film, or the episode */
                playable_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesPositionReport"];
            };
        };
        responses: {
            /** @description Known; written within a minute, or already unless it is playing */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `position-beyond-end`, `position-invalid` */
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
    get_own_preferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesPreferences"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    put_own_preferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesPreferences"];
            };
        };
        responses: {
            /** @description As they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesPreferences"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid` */
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
    get_shelf: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The shelf */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesShelf"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    list_thumbs: {
        parameters: {
            query?: {
                /** @description How many, 1 to 200; 50 unless told. */
                limit?: number;
                /** @description `next` of the part before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesThumbs"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `query-invalid`, `cursor-invalid` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    put_thumb: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The title's id */
                title_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesNewThumb"];
            };
        };
        responses: {
            /** @description It is given */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `list-full`: there are 5,000 */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid`: no id */
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
    delete_thumb: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The title's id */
                title_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is none */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-required` */
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
    list_profiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At least one and at most five */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesProfiles"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesNewProfile"];
            };
        };
        responses: {
            /** @description The profile */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesProfile"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profiles-full`: there are five */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `pin-busy`, `unavailable` */
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
    get_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesProfile"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    delete_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone here; `Location` says how far the others are */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesErasure"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    change_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesProfileChange"];
            };
        };
        responses: {
            /** @description The profile as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesProfile"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid` */
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
    create_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is being made; `Location` says how far it is */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesExport"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    put_pin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesPin"];
            };
        };
        responses: {
            /** @description It is asked for from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `pin-busy`, `unavailable` */
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
    delete_pin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description None is asked for any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    get_preferences: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesPreferences"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
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
    put_preferences: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The profile's id */
                profile_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfilesPreferences"];
            };
        };
        responses: {
            /** @description As they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesPreferences"];
                };
            };
            /** @description `sign-in-required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `profile-guarded` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `profile-invalid` */
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

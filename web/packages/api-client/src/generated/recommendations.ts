//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/v1/diagnoses/titles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say why a title is or is not recommended
         * @description For the console only.
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
    "/v1/explain/{card}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a card is where it is, in full
         * @description Made from what was known when the card was: later plays do not count. A card is explained to the profile it was made
         *     for, and to nobody else.
         */
        get: operations["get_explanation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The home page, a part at a time
         * @description With a token of a profile it is that profile's: what was begun, its list, picks from what it watched. Its last play
         *     counts at once. The first part has the hero and the first rows. No title comes twice, in all parts together.
         */
        get: operations["get_home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells which cards came into view
         * @description Kept for 30 days with position and version of the model, so that a model can be judged by what was shown and what was
         *     played. Of children's profiles nothing is kept.
         */
        post: operations["create_impressions"];
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
    "/v1/similar/{title}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Titles like another one
         * @description By who watched both, else by genres and people; `fallback` says when there was no telling and it is the genre alone.
         *     What the profile has seen or refused is left out.
         */
        get: operations["list_similar"];
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
        /** @description The images of a title. There always are some: what has no artwork gets a printed poster. */
        CatalogArtwork: {
            /** @description 16:9. */
            backdrop: components["schemas"]["CatalogImage"];
            /** @description 2:3, with the name on it. */
            poster: components["schemas"]["CatalogImage"];
        };
        /**
         * @description One image in its usual size. The other sizes are had by exchanging the size part of the path
         *     (`/img/{title}/{role}/{size}/{name}.jpg`): posters come as `w240`, `w480`, `w960`,
         *     backdrops as `w640`, `w1280`, `w1920`. A URL's bytes never change; its name is sealed and cannot be made up.
         */
        CatalogImage: {
            /** Format: int32 */
            height: number;
            /**
             * @description The dominant colour, dark enough to set white text on, for what is painted before and around the image.
             * @example #3b2230
             */
            tint: string;
            /** @example /img/sintel/poster/w480/5f2a90c1d3e4b6874c0d91e27a6b38f5.jpg */
            url: string;
            /** Format: int32 */
            width: number;
        };
        /**
         * @description What a title is. More kinds may come; readers treat an unknown one as not theirs.
         * @enum {string}
         */
        CatalogKind: "movie" | "show";
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
        /** @description A title on the page. */
        RecommendationsCard: {
            artwork: components["schemas"]["CatalogArtwork"];
            /** @description Names this card in its place: for `GET /v1/explain/{card}` and impressions. */
            card: string;
            /** Format: int32 */
            certification_age: number;
            kind: components["schemas"]["CatalogKind"];
            name: string;
            playable: boolean;
            /** @description Where to go on, on cards of what was begun. */
            progress?: components["schemas"]["RecommendationsProgress"];
            reason: components["schemas"]["RecommendationsReason"];
            synopsis_short?: string;
            title_id: string;
            /** Format: int32 */
            year: number;
        };
        /** @description What one title says about another one. */
        RecommendationsContribution: {
            /**
             * Format: float
             * @description Strength times weight.
             */
            amount: number;
            /** @description `viewing`: those who watched one watched the other. `likeness`: they share genres and people. */
            by: string;
            /** @description What the profile did with it: `watched`, `liked`, `loved`, `picked`. */
            kind: string;
            name: string;
            /**
             * Format: float
             * @description Part of all that speaks for the title, 0 to 1; 0 for what speaks against it.
             */
            share: number;
            /**
             * Format: float
             * @description How much that counts: 1 for a film just watched to its end.
             */
            strength: number;
            title_id: string;
            /**
             * Format: float
             * @description What the model knows between the two titles; negative speaks against.
             */
            weight: number;
        };
        /** @description What a profile did with a title. */
        RecommendationsDone: {
            /** Format: int64 */
            plays: number;
            /** @description Watched to its end: it is in no row any more. */
            seen: boolean;
            /** @description `none`, `down`, `up`, `double_up`. What has a thumb down is in no row. */
            thumb: string;
        };
        /** @description Why a title is where it is. */
        RecommendationsExplanation: {
            code: string;
            /** @description Everything of what the profile watched, liked or picked that speaks for or against the title, the most first. */
            contributions: components["schemas"]["RecommendationsContribution"][];
            model?: components["schemas"]["RecommendationsModel"];
            name: string;
            /** Format: int64 */
            plays: number;
            /**
             * Format: int64
             * @description Plays by people, in the last seven days and ever.
             */
            plays_week: number;
            /**
             * Format: int32
             * @description Place in it, from 0.
             */
            position: number;
            /** @description Kind of the card's row. */
            row: string;
            /**
             * Format: float
             * @description Sum of all contributions: what titles are ranked by in rows made from what was watched.
             */
            score: number;
            /**
             * @description The short answer.
             * @example Because you watched Sintel
             */
            text: string;
            title_id: string;
        };
        /** @description A part of the home page. */
        RecommendationsHome: {
            /** @description The title that leads the page; only in the first part, and only if there is any title. */
            hero?: components["schemas"]["RecommendationsCard"];
            /**
             * @description Services that could not add to the page: what they know is as of last time, or absent.
             * @example [
             *       "profiles"
             *     ]
             */
            missing?: string[];
            /** @description Where to go on; absent when there are no more rows. */
            next?: string;
            rows: components["schemas"]["RecommendationsRow"][];
        };
        /** @description A card that came into view. */
        RecommendationsImpression: {
            /** @description The card's `card`. */
            card: string;
            /**
             * Format: int32
             * @description Place in the row, from 0; absent: the place it was made for.
             */
            position?: number;
            /** @description Id of its row; absent: the kind of row it was made for. */
            row?: string;
        };
        /** @description Cards that somebody saw. */
        RecommendationsImpressions: {
            /** @description At most 200. */
            items: components["schemas"]["RecommendationsImpression"][];
        };
        /** @description What a profile did with a title. */
        RecommendationsInteraction: {
            /**
             * Format: int64
             * @description How often it was watched to its end.
             */
            finished: number;
            /** Format: date-time */
            last_at: string;
            /** Format: int64 */
            plays: number;
            /** @description `none`, `down`, `up`, `double_up`. */
            thumb: string;
            title_id: string;
        };
        /** @description The model that the contributions are of. */
        RecommendationsModel: {
            interactions: number;
            /** @description Whether the card was made by it too; if not, its own reason may have been another one. */
            is_of_card: boolean;
            /** Format: date-time */
            made_at: string;
            profiles: number;
            version: string;
        };
        /** @description How far somebody got. */
        RecommendationsProgress: {
            /**
             * Format: double
             * @description In seconds; 0 while the length is not known.
             */
            duration_s: number;
            /** @description Which episode; absent for a film. */
            episode_id?: string;
            /**
             * Format: double
             * @description In seconds; 0 at the beginning of a next episode.
             */
            position_s: number;
        };
        /** @description Why the title is here. */
        RecommendationsReason: {
            /**
             * @description `because`, `alike`, `similar`, `popular`, `popular-in-demo`, `ranked`, `new`, `genre`, `begun`, `next-episode`,
             *     `on-list`, `watched`, `playable`, `listed`; there may be others.
             */
            code: string;
            /**
             * Format: int32
             * @description Place in the week's list, from 1; on what is there because of it.
             */
            place?: number;
            /** @example Played 12 times this week */
            text: string;
        };
        /** @description Everything about a profile. */
        RecommendationsRecord: {
            /** @description Cards that it saw in the last 30 days, the latest first. */
            impressions: components["schemas"]["RecommendationsSeen"][];
            /** @description What it did, title by title, the latest first. */
            interactions: components["schemas"]["RecommendationsInteraction"][];
        };
        /** @description A row of titles. No title comes twice on the page. */
        RecommendationsRow: {
            /**
             * @description Why the row is not what it would like to be: `few-plays`, `nothing-new`, `no-history`, `no-model`,
             *     `last-known-titles`, `last-known-plays`, `last-known-history`.
             */
            fallback?: string;
            /** @example genre-animation */
            id: string;
            items: components["schemas"]["RecommendationsCard"][];
            /**
             * @description `continue`, `my_list`, `top_picks`, `because`, `trending`, `top10`, `new`, `genre`, `popular`, `more`, `again`,
             *     `similar`; there may be others.
             */
            kind: string;
            /** @example Animation */
            name: string;
        };
        /** @description A card that came into view. */
        RecommendationsSeen: {
            /** Format: date-time */
            at: string;
            /** @description Empty when no model was involved. */
            model_version: string;
            /**
             * Format: int64
             * @description From 0.
             */
            position: number;
            row_id: string;
            title_id: string;
        };
        /** @description Titles like another one. */
        RecommendationsSimilar: {
            /** @description As in rows of the home page. */
            fallback?: string;
            items: components["schemas"]["RecommendationsCard"][];
            /** @description As on the home page. */
            missing?: string[];
        };
        /** @description What recommendations know about a title. */
        RecommendationsTitleDiagnosis: {
            /** @description Whether it is among the titles that pages are made of. */
            candidate: boolean;
            /** @description The model in use, if there is one. */
            model?: string;
            /** @description Whether the model in use says anything about it. */
            modeled: boolean;
            /** @description Whether it counts as one that can be played; `false` for a title that is not a candidate. */
            playable: boolean;
            /** Format: int64 */
            plays: number;
            /**
             * Format: int64
             * @description Plays by people, in the last seven days and ever.
             */
            plays_week: number;
            /** @description What the profile did with it; absent without a profile. */
            profile?: components["schemas"]["RecommendationsDone"];
            title_id: string;
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
    get_title_diagnosis: {
        parameters: {
            query?: {
                /** @description Id of a profile; absent: for nobody in particular. */
                profile?: string;
            };
            header?: never;
            path: {
                /** @description The title's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What recommendations know */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationsTitleDiagnosis"];
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
            /** @description `home-not-ready` */
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
    get_explanation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `card` of a card */
                card: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationsExplanation"];
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `card-invalid` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `title-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `home-not-ready` */
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
    get_home: {
        parameters: {
            query?: {
                /** @description `next` of the part before. */
                cursor?: string;
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of the page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationsHome"];
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `cursor-invalid`, `query-invalid` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: another time or country is for operators */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `home-not-ready` */
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
    create_impressions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecommendationsImpressions"];
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
            /** @description `card-invalid`, `too-many-impressions` */
            400: {
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
                    "application/json": components["schemas"]["RecommendationsRecord"];
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
    list_similar: {
        parameters: {
            query?: {
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path: {
                /** @description A title's id */
                title: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 24 titles, the most similar first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendationsSimilar"];
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `query-invalid` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: another time or country is for operators */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `title-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `home-not-ready` */
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

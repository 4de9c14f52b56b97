//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/v1/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The home page, a part at a time
         * @description The first part has the hero and the first rows. No title comes twice, in all parts together.
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
         *     (`/img/{title}/{role}/{size}/{hash}.jpg`): posters come as `w240`, `w480`, `w960`,
         *     backdrops as `w640`, `w1280`, `w1920`. A URL's bytes never change.
         */
        CatalogImage: {
            /** Format: int32 */
            height: number;
            /**
             * @description The dominant colour, dark enough to set white text on, for what is painted before and around the image.
             * @example #3b2230
             */
            tint: string;
            /** @example /img/sintel/poster/w480/5f2a90c1d3e4b687.jpg */
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
            /** Format: int32 */
            certification_age: number;
            kind: components["schemas"]["CatalogKind"];
            name: string;
            playable: boolean;
            reason: components["schemas"]["RecommendationsReason"];
            synopsis_short?: string;
            title_id: string;
            /** Format: int32 */
            year: number;
        };
        /** @description A part of the home page. */
        RecommendationsHome: {
            /** @description The title that leads the page; only in the first part, and only if there is any title. */
            hero?: components["schemas"]["RecommendationsCard"];
            /** @description Where to go on; absent when there are no more rows. */
            next?: string;
            rows: components["schemas"]["RecommendationsRow"][];
        };
        /** @description Why the title is here. */
        RecommendationsReason: {
            /** @description `popular`, `popular-in-demo`, `new`, `genre`, `playable`, `listed`; there may be others. */
            code: string;
            /** @example Played 12 times this week */
            text: string;
        };
        /** @description A row of titles. No title comes twice on the page. */
        RecommendationsRow: {
            /** @description Why the row is not what it would like to be: `few-plays`, `nothing-new`, `last-known-titles`, `last-known-plays`. */
            fallback?: string;
            /** @example genre-animation */
            id: string;
            items: components["schemas"]["RecommendationsCard"][];
            /** @description `popular`, `new`, `genre`, `more`; there may be others. */
            kind: string;
            /** @example Animation */
            name: string;
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
    get_home: {
        parameters: {
            query?: {
                /** @description `next` of the part before. */
                cursor?: string;
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
            /** @description `cursor-invalid` */
            400: {
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

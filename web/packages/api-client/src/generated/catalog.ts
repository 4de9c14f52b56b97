//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/img/{subject}/{role}/{size}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An image */
        get: operations["get_image"];
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
         * Say why a title is or is not there
         * @description Whatever its terms are: who asks is not its viewer. For the console only.
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
    "/v1/episodes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An episode
         * @description With the show and season it belongs to and the episode that comes after it.
         */
        get: operations["get_episode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/genres": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The genres that have titles for the reader */
        get: operations["list_genres"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A person and their titles here */
        get: operations["get_person"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Titles and people by what somebody types
         * @description Names, people, genres and moods in all languages, as far as they are typed and with one or two typos; ranked by how well they
         *     fit, and among those that fit alike by how many people care for them.
         */
        get: operations["search_titles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/misses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Queries that found nothing
         * @description At the instance that answers, since it started; at most 200. Nothing of who asked is kept.
         */
        get: operations["list_misses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What may be meant by what is typed so far
         * @description Titles, people and genres the reader may see.
         */
        get: operations["suggest_searches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/seasons/{id}/episodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The episodes of a season */
        get: operations["list_episodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shows/{id}/seasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The seasons of a show */
        get: operations["list_seasons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/titles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Titles by filter and order
         * @description The first part also counts the titles that each narrowing of the query would give.
         */
        get: operations["list_titles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/titles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A title with everything about it */
        get: operations["get_title"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/titles/{id}/artwork/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Stores an image of a title or episode
         * @description It takes the place of the printed poster. It is cut to the role's shape (poster 2:3, backdrop and still 16:9).
         */
        put: operations["put_artwork"];
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
        /** @description One line of the credits. */
        CatalogCredit: {
            character?: string;
            person: components["schemas"]["CatalogPersonRef"];
            role: components["schemas"]["CatalogCreditRole"];
        };
        /**
         * @description What somebody did for a title.
         * @enum {string}
         */
        CatalogCreditRole: "director" | "creator" | "writer" | "producer" | "composer" | "cinematographer" | "editor" | "actor";
        /** @description An episode of a season. */
        CatalogEpisode: {
            /**
             * Format: date
             * @description The day it was shown first, anywhere; absent where it is not known.
             * @example 2026-05-01
             */
            aired_on?: string;
            /** @description A still, or the show's backdrop when the episode has none. */
            artwork: components["schemas"]["CatalogImage"];
            id: string;
            name: string;
            /** Format: int32 */
            number: number;
            playable: boolean;
            /**
             * Format: int32
             * @description Running time in seconds.
             */
            runtime_s?: number;
            season_id: string;
            show_id: string;
            synopsis?: string;
        };
        /** @description An episode with where it belongs and what comes after it. */
        CatalogEpisodeDetail: components["schemas"]["CatalogEpisode"] & {
            /** @description The episode after this one, in the next season after the last of one; absent after the last of all. */
            next?: components["schemas"]["CatalogNextEpisode"];
            season: components["schemas"]["CatalogSeason"];
            show: components["schemas"]["CatalogTitleSummary"];
        };
        /** @description The episodes of a season by number. */
        CatalogEpisodes: {
            items: components["schemas"]["CatalogEpisode"][];
        };
        /** @description One value and how many titles have it. */
        CatalogFacet: {
            /** Format: int64 */
            count: number;
            id: string;
            name: string;
        };
        /** @description Counts for narrowing a list down. */
        CatalogFacets: {
            /** @description `1970` stands for 1970 to 1979; newest first. */
            decades: components["schemas"]["CatalogFacet"][];
            /** @description Most frequent first. */
            genres: components["schemas"]["CatalogFacet"][];
            kinds: components["schemas"]["CatalogFacet"][];
            /**
             * Format: int64
             * @description Titles that fit the query.
             */
            total: number;
        };
        /** @description A genre with its name in the language of the answer. */
        CatalogGenre: {
            id: string;
            name: string;
        };
        /** @description All genres that have titles, by name. */
        CatalogGenres: {
            items: components["schemas"]["CatalogFacet"][];
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
        /** @description Under what terms a film may be shown. */
        CatalogLicense: {
            /**
             * @description An SPDX identifier, or `public-domain`.
             * @example CC-BY-3.0
             */
            id: string;
            url?: string;
        };
        /** @description By what a title was found. */
        CatalogMatched: {
            genres?: components["schemas"]["CatalogGenre"][];
            /** @description Moods, as the title has them. */
            moods?: string[];
            /** @description A name of its, which may be another than the one shown. */
            name?: string;
            /** @description People of the credits. */
            people?: components["schemas"]["CatalogPersonRef"][];
        };
        /** @description A query that found nothing. */
        CatalogMiss: {
            /** Format: int64 */
            count: number;
            /** Format: date-time */
            last_at: string;
            /** @description Lower case, without accents and punctuation. */
            text: string;
        };
        /** @description Queries that found nothing at one instance since it started, the most frequent first. */
        CatalogMisses: {
            items: components["schemas"]["CatalogMiss"][];
        };
        /** @description What comes after an episode. */
        CatalogNextEpisode: {
            episode_id: string;
            name: string;
            /**
             * Format: int32
             * @description The episode's number in its season.
             */
            number: number;
            playable: boolean;
            /**
             * Format: int32
             * @description The season's number.
             */
            season: number;
            season_id: string;
        };
        /** @description A title is offered in one country for some time. */
        CatalogOffer: {
            /**
             * Format: date-time
             * @description The first moment of the offer; absent: from the beginning.
             */
            from?: string;
            /**
             * @description ISO 3166-1 alpha-2, in capitals.
             * @example DE
             */
            territory: string;
            /**
             * Format: date-time
             * @description The first moment after the offer; absent: without end.
             */
            until?: string;
        };
        /** @description A person and the titles of this catalog they worked on, newest first. */
        CatalogPerson: {
            credits: components["schemas"]["CatalogPersonCredit"][];
            id: string;
            name: string;
        };
        /** @description One line of a person's work. */
        CatalogPersonCredit: {
            character?: string;
            role: components["schemas"]["CatalogCreditRole"];
            title: components["schemas"]["CatalogTitleSummary"];
        };
        /** @description A person, as far as a credit needs one. */
        CatalogPersonRef: {
            id: string;
            name: string;
        };
        /** @description A title that was found. */
        CatalogSearchHit: {
            artwork: components["schemas"]["CatalogArtwork"];
            /**
             * Format: int32
             * @description From what age on.
             */
            certification_age: number;
            genres: components["schemas"]["CatalogGenre"][];
            kind: components["schemas"]["CatalogKind"];
            matched: components["schemas"]["CatalogMatched"];
            name: string;
            /** @description Whether it can be played now; a show, when one of its episodes can. */
            playable: boolean;
            /**
             * Format: int32
             * @description Running time in seconds. Absent on shows.
             */
            runtime_s?: number;
            /** @description One or two sentences. */
            synopsis_short?: string;
            title_id: string;
            /**
             * Format: int32
             * @description Year of the first release.
             */
            year: number;
        };
        /** @description A part of what a search found. */
        CatalogSearchPage: {
            /**
             * @description The query as it was understood, when that is not how it was typed.
             * @example metropolis
             */
            corrected?: string;
            /** @description On the first part only: how many titles each narrowing of this query would leave. */
            facets?: components["schemas"]["CatalogFacets"];
            /** @description Best first. */
            items: components["schemas"]["CatalogSearchHit"][];
            /** @description The cursor of the next part; absent on the last one. Opaque, signed, good for the same query only. */
            next?: string;
            /** @description On the first part only: people the query may mean, with titles the reader may see. */
            people?: components["schemas"]["CatalogPersonRef"][];
        };
        /** @description A season of a show. */
        CatalogSeason: {
            /** Format: int32 */
            episode_count: number;
            id: string;
            name?: string;
            /** Format: int32 */
            number: number;
            show_id: string;
            synopsis?: string;
        };
        /** @description The seasons of a show by number. */
        CatalogSeasons: {
            items: components["schemas"]["CatalogSeason"][];
        };
        /** @description One thing that may be meant. */
        CatalogSuggestion: {
            /** @description The id of the title, person or genre. */
            id: string;
            kind: components["schemas"]["CatalogSuggestionKind"];
            /** @description To be shown, and to be searched for. */
            text: string;
        };
        /**
         * @description What a suggestion leads to.
         * @enum {string}
         */
        CatalogSuggestionKind: "movie" | "show" | "person" | "genre";
        /** @description What may be meant by what is typed so far. */
        CatalogSuggestions: {
            items: components["schemas"]["CatalogSuggestion"][];
        };
        /** @description A title with everything about it. */
        CatalogTitle: components["schemas"]["CatalogTitleSummary"] & {
            /** @description What the licence asks to be shown wherever the film is shown. */
            attribution?: string;
            /** @description In the order of the credits: makers first, then the cast. */
            credits: components["schemas"]["CatalogCredit"][];
            /** @description The language the name and the texts are given in, BCP 47. */
            language: string;
            license?: components["schemas"]["CatalogLicense"];
            /** @description How it feels, in words that a search finds. */
            moods?: string[];
            /** @description Spoken language of the original, BCP 47; `zxx` for a film without words. */
            original_language?: string;
            /** @description The name in the original language, when it is another one. */
            original_name?: string;
            /** @description The seasons of a show; absent on movies. */
            seasons?: components["schemas"]["CatalogSeason"][];
            synopsis?: string;
            tagline?: string;
        };
        /** @description Either, depending on `fields`. */
        CatalogTitleAnswer: components["schemas"]["CatalogTitle"] | components["schemas"]["CatalogTitleFields"];
        /** @description The catalog's part of a diagnosis: `GET /v1/diagnoses/titles/{id}`, for the console alone. */
        CatalogTitleDiagnosis: {
            /** Format: int32 */
            certification_age: number;
            /**
             * Format: date-time
             * @description When it is: the first moment at which it is not any more, there.
             */
            ends_at?: string;
            /** @description Whether the search index of the instance that answers has it; absent while it has no index. */
            indexed?: boolean;
            kind: components["schemas"]["CatalogKind"];
            /** @description In the title's own language. */
            name: string;
            /** @description Whether it is offered in the country and at the time asked for. */
            offered: boolean;
            /** @description All of them; none is everywhere and always. */
            offers: components["schemas"]["CatalogOffer"][];
            /**
             * Format: date-time
             * @description When it is not: the next time from which it is, there.
             */
            opens_at?: string;
            /** @description What the catalog heard from playback. */
            playable: boolean;
            title_id: string;
        };
        /** @description A title with only the members asked for. */
        CatalogTitleFields: {
            /** @description The members asked for. */
            fields: string[];
            id: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A part of a list of titles. */
        CatalogTitlePage: {
            /** @description On the first part only: how many titles each narrowing of this query would leave. */
            facets?: components["schemas"]["CatalogFacets"];
            items: components["schemas"]["CatalogTitleSummary"][];
            /** @description The cursor of the next part; absent on the last one. Opaque, signed, good for the same query only. */
            next?: string;
        };
        /** @description A part of the list with only the members asked for. */
        CatalogTitlePagePart: {
            facets?: components["schemas"]["CatalogFacets"];
            /** @description The members asked for. */
            fields: string[];
            items: components["schemas"]["CatalogTitlePart"][];
            next?: string;
        };
        /** @description A title with only the members asked for. */
        CatalogTitlePart: {
            id: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A title in a list. */
        CatalogTitleSummary: {
            /**
             * Format: date-time
             * @description When it came into the catalog.
             */
            added_at: string;
            artwork: components["schemas"]["CatalogArtwork"];
            /**
             * Format: int32
             * @description From what age on, over all rating systems: 0 for everyone, 18 for what nobody has rated yet.
             */
            certification_age: number;
            genres: components["schemas"]["CatalogGenre"][];
            id: string;
            kind: components["schemas"]["CatalogKind"];
            name: string;
            /** @description Where and when it is offered; absent: everywhere and always. Viewers are told of their own country. */
            offers?: components["schemas"]["CatalogOffer"][];
            /** @description Whether it can be played now; a show, when one of its episodes can. */
            playable: boolean;
            /**
             * Format: int32
             * @description Running time in seconds: of the film as it plays here, before that of the original. Absent on shows.
             */
            runtime_s?: number;
            /** @description One or two sentences. */
            synopsis_short?: string;
            /**
             * Format: int32
             * @description Year of the first release.
             */
            year: number;
        };
        /** @description Either, depending on `fields`. */
        CatalogTitlesAnswer: components["schemas"]["CatalogTitlePage"] | components["schemas"]["CatalogTitlePagePart"];
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
    get_image: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a title, of an episode for a still */
                subject: string;
                /** @description `poster`, `backdrop` or `still` */
                role: string;
                /** @description Posters: `w240`, `w480`, `w960`; else `w640`, `w1280`, `w1920` */
                size: string;
                /** @description A sealed name and `.jpg`, as in the URLs of titles; none can be made up */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image, unchanging */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description This picture was replaced; the new one is there */
            307: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `image-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `images-busy` */
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
    get_title_diagnosis: {
        parameters: {
            query?: {
                /** @description Country (ISO 3166-1 alpha-2); absent: nobody knows where. */
                territory?: string;
                /** @description RFC 3339; now when absent. */
                at?: string;
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
            /** @description What the catalog knows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogTitleDiagnosis"];
                };
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
            /** @description `service-only` */
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
        };
    };
    get_episode: {
        parameters: {
            query?: {
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`. */
                lang?: string;
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path: {
                /** @description The episode's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The episode */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogEpisodeDetail"];
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
            /** @description `scope-missing` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `episode-not-found` */
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
    list_genres: {
        parameters: {
            query?: {
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`. */
                lang?: string;
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
            /** @description By name, with the number of titles */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogGenres"];
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
            /** @description `scope-missing` */
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
    get_person: {
        parameters: {
            query?: {
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`. */
                lang?: string;
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path: {
                /** @description The person's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogPerson"];
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
            /** @description `scope-missing` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person-not-found` */
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
    search_titles: {
        parameters: {
            query: {
                /** @description What somebody typed: names, people, genres, moods; the last word perhaps not to its end, with typos. */
                q: string;
                kind?: components["schemas"]["CatalogKind"];
                /** @description A genre's id. */
                genre?: string;
                /** @description Released in this year or later. */
                year_from?: number;
                /** @description Released in this year or earlier. */
                year_to?: number;
                /** @description Only what can, or cannot, be played now. */
                playable?: boolean;
                /** @description How many titles, 20 unless told. */
                limit?: number;
                /** @description `next` of the part before, with the same query. */
                cursor?: string;
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of. */
                lang?: string;
                /** @description What would be found at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be found in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found, best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogSearchPage"];
                };
            };
            /** @description The reader has it already */
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
            /** @description `scope-missing` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `search-away`: the index is being built */
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
    list_misses: {
        parameters: {
            query?: {
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`. */
                lang?: string;
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
            /** @description The most frequent first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogMisses"];
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
            /** @description `scope-missing` */
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
    suggest_searches: {
        parameters: {
            query: {
                /** @description What is typed so far. */
                q: string;
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of. */
                lang?: string;
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
            /** @description At most eleven, likely ones first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogSuggestions"];
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
            /** @description `search-away`: the index is being built */
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
    list_episodes: {
        parameters: {
            query?: {
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`. */
                lang?: string;
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path: {
                /** @description The season's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By number */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogEpisodes"];
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
            /** @description `scope-missing` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `season-not-found` */
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
    list_seasons: {
        parameters: {
            query?: {
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`. */
                lang?: string;
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
            };
            header?: never;
            path: {
                /** @description The show's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By number */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogSeasons"];
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
            /** @description `scope-missing` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `show-not-found` */
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
    list_titles: {
        parameters: {
            query?: {
                kind?: components["schemas"]["CatalogKind"];
                /** @description A genre's id. */
                genre?: string;
                /** @description Released in this year or later. */
                year_from?: number;
                /** @description Released in this year or earlier. */
                year_to?: number;
                /** @description Meant for this age or younger. */
                age_max?: number;
                /** @description Only what can, or cannot, be played now. */
                playable?: boolean;
                /** @description Only these titles: ids separated by commas, at most 100. */
                ids?: string;
                /** @description `added` (newest in the catalog first, the default), `name`, `newest` or `oldest` (by year). */
                sort?: string;
                /** @description How many titles, 20 unless told. */
                limit?: number;
                /** @description `next` of the part before, with the same filter and order. */
                cursor?: string;
                /** @description Only these members of each title, separated by commas; the id is always there. */
                fields?: string;
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of. */
                lang?: string;
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
            /** @description A part of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogTitlesAnswer"];
                };
            };
            /** @description The reader has it already */
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
            /** @description `scope-missing` */
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
    get_title: {
        parameters: {
            query?: {
                /** @description Only these members, separated by commas; the id is always there. */
                fields?: string;
                /** @description Languages by preference, as in `Accept-Language`, which it takes the place of. */
                lang?: string;
                /** @description What would be there at this time (RFC 3339); for operators. */
                as_of?: string;
                /** @description What would be there in this country (ISO 3166-1 alpha-2); for operators. */
                territory?: string;
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
            /** @description The title */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogTitleAnswer"];
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
            /** @description `scope-missing` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `title-not-found`: there is none, or not for the reader */
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
    put_artwork: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a title; of an episode for a still */
                id: string;
                /** @description `poster`, `backdrop` or `still` */
                role: string;
            };
            cookie?: never;
        };
        /** @description A JPEG or PNG */
        requestBody: {
            content: {
                "image/jpeg": number[];
            };
        };
        responses: {
            /** @description Stored */
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
            /** @description `title-not-found`, `image-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `picture-invalid` */
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

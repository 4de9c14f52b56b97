//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/partner/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a token
         * @description For apps in production. The client's id is the app's, its secret a key made with `environment: client`. The token
         *     works for a quarter of an hour, less if the secret is revoked or the app suspended.
         */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/app": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The app whose key this is
         * @description With the id that a device's app signs viewers in with, the stage it is at and its quotas.
         */
        get: operations["get_calling_app"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your apps
         * @description With a `stage`, everybody's: for operators.
         */
        get: operations["list_apps"];
        put?: never;
        /**
         * Make an app
         * @description It begins in the sandbox, with a key that works at once and is shown this once.
         */
        post: operations["create_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of your apps
         * @description Or anybody's, for operators.
         */
        get: operations["get_app"];
        put?: never;
        post?: never;
        /**
         * Remove an app
         * @description Its keys stop working at once; its webhooks are told nothing more.
         */
        delete: operations["delete_app"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide about an app */
        post: operations["decide_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/deprecations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is going away, with an app's calls of it
         * @description Everything that is announced, also what the app does not call.
         */
        get: operations["list_app_deprecations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of an app that work */
        get: operations["list_keys"];
        put?: never;
        /**
         * Make a key
         * @description With `replaces`, the old one goes on working for `overlap_s`, so that nothing stands still while it is exchanged.
         */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a key at once */
        delete: operations["delete_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/production-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for production */
        post: operations["request_production"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls by day */
        get: operations["get_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The webhooks of an app */
        get: operations["list_webhooks"];
        put?: never;
        /** Make a webhook */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a webhook */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a webhook was sent */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send something again */
        post: operations["replay_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/apps/{app_id}/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a webhook
         * @description Sends a `ping`, as everything else is sent: signed, and again when it fails.
         */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed since
         * @description Titles that went are told of too, without a `title`. A reader that was away for long reads each title once.
         */
        get: operations["list_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/deprecations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is going away, with everybody's calls of it */
        get: operations["list_deprecations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All feeds
         * @description What they hold, what came and went, and what is left out and why.
         */
        get: operations["list_feeds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/feeds/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A feed
         * @description Made anew when titles have changed. One that lost too many titles since the last is not taken over: the last one is
         *     served, and `GET /partner/v1/feeds` says why.
         */
        get: operations["get_feed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/production-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Apps that ask for production */
        get: operations["list_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/seasons/{season_id}/episodes": {
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
    "/partner/v1/shows/{show_id}/seasons": {
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
    "/partner/v1/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything at once
         * @description Lines of JSON: first `{"cursor": …}`, from which `/partner/v1/changes` goes on, then a title a line, at the end
         *     `{"titles": n}`, without which the snapshot is not whole. It is written as it is read: 36,000 titles need no more memory
         *     than 500. A title that changes meanwhile may come as it was or as it is; the cursor brings it again.
         */
        get: operations["get_snapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/partner/v1/titles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All titles
         * @description In the order of their last change, so that a part never tells of a title twice while nothing changes. To follow
         *     changes, read `/partner/v1/snapshot` once and `/partner/v1/changes` from then on.
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
    "/partner/v1/titles/{title_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A title */
        get: operations["get_title"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/device-clients/{client_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say whom an app may sign in
         * @description For identity. An app that is not there and one that an operator stopped are one answer.
         */
        get: operations["get_device_client"];
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
        /** @description An app. */
        PartnersApp: {
            /** Format: date-time */
            created_at: string;
            /** @description Also its `client_id` where it signs viewers in on a device (`/oauth/device_authorization`). */
            id: string;
            name: string;
            /** Format: int32 */
            per_day: number;
            /**
             * Format: int32
             * @description Calls it may make.
             */
            per_minute: number;
            /**
             * @description Why an operator refused production or stopped it, in their words. Absent: nobody did, or nobody said.
             * @example The deep links lead to a page that is not there.
             */
            reason?: string;
            scopes: string[];
            /** @description `sandbox`, `requested` (production is asked for), `production`, or `suspended`. */
            stage: string;
        };
        /** @description Apps, the newest first. */
        PartnersApps: {
            items: components["schemas"]["PartnersApp"][];
        };
        /** @description Whole addresses of images; their bytes never change. */
        PartnersArtwork: {
            /** @description 16:9. */
            backdrop_url: string;
            /** @description 2:3. */
            poster_url: string;
        };
        /** @description An app that still calls. */
        PartnersCallingApp: {
            /** Format: int64 */
            calls: number;
            /** @description The newest first; days without calls are left out. */
            days: components["schemas"]["PartnersCallingDay"][];
            id: string;
            name: string;
        };
        /** @description Its calls of one day. */
        PartnersCallingDay: {
            /** Format: int64 */
            calls: number;
            /**
             * @description UTC.
             * @example 2027-01-15
             */
            day: string;
        };
        /** @description A change. */
        PartnersChange: {
            /** Format: date-time */
            changed_at: string;
            /** @description Absent: the title is gone. */
            title?: components["schemas"]["PartnersTitle"];
            title_id: string;
        };
        /** @description What changed, in order; a title comes once, as it is now. */
        PartnersChanges: {
            /** @description What to ask for next, now or later. */
            cursor: string;
            items: components["schemas"]["PartnersChange"][];
            /** @description Whether there is more now. */
            more: boolean;
        };
        /** @description An app with the key it begins with. */
        PartnersCreatedApp: {
            app: components["schemas"]["PartnersApp"];
            key: components["schemas"]["PartnersCreatedKey"];
        };
        /** @description A key that was just made. */
        PartnersCreatedKey: components["schemas"]["PartnersKey"] & {
            /** @description The key itself, for `x-api-key`; of `client`: the `client_secret` that goes with the app's id. It is shown this once. */
            text: string;
        };
        /** @description A webhook that was just made. */
        PartnersCreatedWebhook: components["schemas"]["PartnersWebhook"] & {
            /**
             * @description Checks signatures (Standard Webhooks). It is shown this once.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        /** @description What an operator says. */
        PartnersDecision: {
            /** @description `approve`, `decline`, `suspend`, or `resume`. */
            decision: components["schemas"]["PartnersDecisionWord"];
            /** @description Why, for its developer, who reads it in the portal: at most 500 letters. Kept of `decline` and `suspend`. */
            reason?: string;
        };
        /** @enum {string} */
        PartnersDecisionWord: "approve" | "decline" | "suspend" | "resume";
        /** @description Deliveries, the newest first; at most a hundred, kept for two weeks. */
        PartnersDeliveries: {
            items: components["schemas"]["PartnersDelivery"][];
        };
        /** @description Something that was sent, or will be. */
        PartnersDelivery: {
            /** @description As it is signed and sent. */
            body: string;
            /** Format: date-time */
            created_at: string;
            id: string;
            /** @description `webhook-id`: the same for every try. */
            message_id: string;
            /**
             * Format: date-time
             * @description When it is tried next; absent when it is over.
             */
            next_try_at?: string;
            /** @description What the last try came to: a status, or why there was none. */
            outcome?: string;
            /** @description `waiting`, `delivered` or `failed`. */
            state: string;
            /** Format: int64 */
            tries: number;
            type: string;
        };
        /** @description An operation that is going away, and who has called it in the last thirty days; a few seconds late. */
        PartnersDeprecation: {
            /** @description Apps that called it, the one with the most calls first; of one app that asks for its own there is one at most. */
            apps: components["schemas"]["PartnersCallingApp"][];
            /**
             * Format: int64
             * @description Calls in all.
             */
            calls: number;
            /** @description What to do instead. */
            link: string;
            /** @example GET */
            method: string;
            /**
             * @description Its id in the contract.
             * @example list_titles
             */
            operation: string;
            /** @example /partner/v1/titles */
            path: string;
            /**
             * Format: date-time
             * @description Since when it is deprecated, as the field `Deprecation` says; may be to come.
             */
            since: string;
            /**
             * Format: date-time
             * @description Until when it answers for sure, as the field `Sunset` says.
             */
            sunset: string;
        };
        /** @description What is going away. */
        PartnersDeprecations: {
            /** @description What goes first, first. */
            items: components["schemas"]["PartnersDeprecation"][];
        };
        /** @description An app that may sign people in on a device (RFC 8628). */
        PartnersDeviceClient: {
            /** @description The app's id. */
            client_id: string;
            /** @description What its developer calls it: shown to whoever is asked to let it in. */
            name: string;
            /** @description The only account it may sign in, its developer's own, as long as no operator let it into production; absent: anybody's. */
            only_account_id?: string;
        };
        /** @description An episode of a season. */
        PartnersEpisode: {
            /**
             * Format: date
             * @description The day it was shown first, anywhere; absent where it is not known.
             * @example 2026-05-01
             */
            aired_on?: string;
            /** @description A still, or the show's backdrop; with its whole address. */
            artwork: components["schemas"]["CatalogImage"];
            id: string;
            /** @description `page`: the show's. */
            links: components["schemas"]["PartnersLinks"];
            name: string;
            /**
             * Format: int32
             * @description In its season.
             */
            number: number;
            /** @description Where and when it is offered, which is where and when its show is; absent: everywhere and always. */
            offers?: components["schemas"]["CatalogOffer"][];
            /** @description Whether it can be played now. */
            playable: boolean;
            /**
             * Format: int32
             * @description In seconds.
             */
            runtime_s?: number;
            /**
             * Format: int32
             * @description The season's number.
             */
            season: number;
            season_id: string;
            show_id: string;
            synopsis?: string;
        };
        /** @description The episodes of a season. */
        PartnersEpisodes: {
            items: components["schemas"]["PartnersEpisode"][];
        };
        /** @description How a feed stands in one country. */
        PartnersFeed: {
            /**
             * Format: int64
             * @description Titles and episodes that came and went with the last one.
             */
            added: number;
            /**
             * Format: int64
             * @description Titles and episodes in it.
             */
            items: number;
            /** @description Titles that are not in it as it would be now, and why; at most twenty. */
            left_out: components["schemas"]["PartnersLeftOut"][];
            left_out_count: number;
            /** Format: date-time */
            made_at: string;
            media_type: string;
            /** @description `google`, `amazon`, `roku`, `mrss`, `apple-catalog` or `apple-availability`. */
            name: string;
            /** @description Why a newer one was not taken over; the last one is served until an operator says otherwise. */
            refused?: string;
            /** Format: int64 */
            removed: number;
            territory: string;
            url: string;
        };
        /** @description Feeds there are. */
        PartnersFeeds: {
            items: components["schemas"]["PartnersFeed"][];
        };
        /** @description A key, as far as it can be told. */
        PartnersKey: {
            /** Format: date-time */
            created_at: string;
            environment: string;
            /**
             * Format: date-time
             * @description When it stops working; absent: when it is revoked.
             */
            expires_at?: string;
            /**
             * @description Its first letters.
             * @example bjs_4fQ9
             */
            hint: string;
            id: string;
        };
        /** @description Keys that work, the newest first. */
        PartnersKeys: {
            items: components["schemas"]["PartnersKey"][];
        };
        /** @description A title or an episode that is not in a feed. */
        PartnersLeftOut: {
            reason: string;
            /** @description An episode's where it is one. */
            title_id: string;
        };
        /** @description Deep links. */
        PartnersLinks: {
            /**
             * @description The title's page.
             * @example https://films.example.org/title/sintel
             */
            page: string;
            /**
             * @description Straight into playback, after a sign-in where there is none.
             * @example https://films.example.org/watch/sintel
             */
            play: string;
        };
        /** @description A new app. */
        PartnersNewApp: {
            /**
             * @description 1 to 80 letters.
             * @example Lantern TV
             */
            name: string;
        };
        /** @description A new key. */
        PartnersNewKey: {
            /** @description `sandbox`, `production`, or `client` (a secret for `/partner/oauth/token`); `sandbox` when absent. */
            environment?: string;
            /**
             * Format: int32
             * @description How long the replaced key goes on working, in seconds; a day when absent, at most thirty.
             */
            overlap_s?: number;
            /** @description The id of the key it takes the place of. */
            replaces?: string;
        };
        /** @description A new webhook. */
        PartnersNewWebhook: {
            /** @description What to be told of; all when empty or absent. */
            types?: string[];
            /**
             * @description Where to: https, on the open internet.
             * @example https://hooks.example.com/bijou
             */
            url: string;
        };
        /** @description The body of an error (RFC 6749, 5.2). */
        PartnersOauthError: {
            /**
             * @description One of the registered codes.
             * @example invalid_client
             */
            error: string;
            /** @description For the developer. */
            error_description: string;
        };
        /** @description A season of a show. */
        PartnersSeason: {
            /** Format: int32 */
            episode_count: number;
            /** @description By number; not in lists of seasons, which have an operation of their own for them. */
            episodes?: components["schemas"]["PartnersEpisode"][];
            id: string;
            /** @description `play`: its first episode that can be played. */
            links: components["schemas"]["PartnersLinks"];
            name?: string;
            /** Format: int32 */
            number: number;
            show_id: string;
            synopsis?: string;
        };
        /** @description The seasons of a show. */
        PartnersSeasons: {
            items: components["schemas"]["PartnersSeason"][];
        };
        /**
         * @description A title with everything a launcher needs to show it and to open it. Where `fields` was sent, only `id` and what it
         *     names is there.
         */
        PartnersTitle: {
            /** Format: date-time */
            added_at?: string;
            artwork?: components["schemas"]["PartnersArtwork"];
            /**
             * Format: int32
             * @description From what age on, 0 for everyone.
             */
            certification_age?: number;
            genres?: string[];
            id: string;
            kind?: components["schemas"]["CatalogKind"];
            links?: components["schemas"]["PartnersLinks"];
            name?: string;
            /** @description Where and when it is offered; absent: everywhere and always. */
            offers?: components["schemas"]["CatalogOffer"][];
            /** @description Whether it can be played now. */
            playable?: boolean;
            /**
             * Format: int32
             * @description In seconds; absent on shows.
             */
            runtime_s?: number;
            /** @description What is in a show, by number, with the episodes; absent on films. */
            seasons?: components["schemas"]["PartnersSeason"][];
            /** @description One or two sentences. */
            synopsis?: string;
            /**
             * Format: int32
             * @description Of the first release.
             */
            year?: number;
        };
        /** @description A part of the titles. */
        PartnersTitles: {
            items: components["schemas"]["PartnersTitle"][];
            /** @description Absent: this was the last part. */
            next?: string;
        };
        /** @description A token (RFC 6749, 5.1). */
        PartnersToken: {
            /** @description For `Authorization: Bearer`, in place of `x-api-key`. */
            access_token: string;
            /**
             * Format: int64
             * @description In seconds.
             */
            expires_in: number;
            scope: string;
            /** @example Bearer */
            token_type: string;
        };
        /** @description Parameters of a token request. */
        PartnersTokenRequest: {
            /** @description The app's id, instead of `Authorization: Basic`. */
            client_id?: string;
            client_secret?: string;
            /** @example client_credentials */
            grant_type: string;
            /**
             * @description Separated by spaces; all of the app's when absent.
             * @example catalog
             */
            scope?: string;
        };
        /** @description Figures of an app. */
        PartnersUsage: {
            /** @description Days (UTC) with calls, the newest first, at most thirty; a few seconds late. */
            items: components["schemas"]["PartnersUsageDay"][];
            /** Format: int32 */
            per_day: number;
            /** Format: int32 */
            per_minute: number;
        };
        /** @description One day. */
        PartnersUsageDay: {
            /**
             * Format: int64
             * @description Calls that were answered.
             */
            calls: number;
            /** @example 2027-01-15 */
            day: string;
            /**
             * Format: int64
             * @description Calls that were refused because a quota was used up.
             */
            refused: number;
        };
        /** @description A webhook. */
        PartnersWebhook: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description Since when nothing is sent, because every try over days failed. A replay starts it again.
             */
            disabled_at?: string;
            id: string;
            /**
             * Format: date-time
             * @description When a receiver that does not answer, or has asked for time (`Retry-After`), is tried next; a test or a replay tries it at
             *     once.
             */
            resting_until?: string;
            /**
             * Format: date-time
             * @description Since when the receiver has not answered at all. Everything for it waits then, and one delivery is tried now and then.
             */
            silent_since?: string;
            types: string[];
            url: string;
        };
        /** @description Webhooks, the oldest first. */
        PartnersWebhooks: {
            items: components["schemas"]["PartnersWebhook"][];
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
    create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["PartnersTokenRequest"];
            };
        };
        responses: {
            /** @description The token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersToken"];
                };
            };
            /** @description `invalid_request`, `unsupported_grant_type`, `invalid_scope` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersOauthError"];
                };
            };
            /** @description `invalid_client` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersOauthError"];
                };
            };
            /** @description `invalid_request` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersOauthError"];
                };
            };
            /** @description `invalid_request` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersOauthError"];
                };
            };
            /** @description `temporarily_unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersOauthError"];
                };
            };
        };
    };
    get_calling_app: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersApp"];
                };
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_apps: {
        parameters: {
            query?: {
                /**
                 * @description `sandbox`, `requested`, `production` or `suspended`: everybody's at that stage, at most 500, for operators.
                 * @example production
                 */
                stage?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersApps"];
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
            /** @description `scope-missing`: only operators see everybody's */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
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
    create_app: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnersNewApp"];
            };
        };
        responses: {
            /** @description The app and its first key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersCreatedApp"];
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
            /** @description `too-many-apps` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
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
    get_app: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersApp"];
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
            /** @description `app-not-found` */
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
    delete_app: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
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
            /** @description `app-not-found` */
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
    decide_app: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnersDecision"];
            };
        };
        responses: {
            /** @description The app at its new stage */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersApp"];
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
            /** @description `app-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `app-stage`: at its stage there is nothing to decide so */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
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
    list_app_deprecations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What goes first, first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersDeprecations"];
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
            /** @description `app-not-found` */
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
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first, without the keys themselves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersKeys"];
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
            /** @description `app-not-found` */
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
    create_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnersNewKey"];
            };
        };
        responses: {
            /** @description The key, shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersCreatedKey"];
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
            /** @description `app-not-found`, `key-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `app-stage`: no production keys or client secrets before approval; `too-many-keys` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
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
    delete_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
                /** @description The key's id, not the key */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It works no more */
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
            /** @description `app-not-found`, `key-not-found` */
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
    request_production: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An operator will look at it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersApp"];
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
            /** @description `app-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `app-stage`: it is not in the sandbox */
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
    get_usage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Quotas and what was used of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersUsage"];
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
            /** @description `app-not-found` */
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
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersWebhooks"];
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
            /** @description `app-not-found` */
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
    create_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnersNewWebhook"];
            };
        };
        responses: {
            /** @description The webhook and its secret, shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersCreatedWebhook"];
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
            /** @description `app-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-webhooks` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook-url-invalid`, `field-invalid` */
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
    delete_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
                /** @description The webhook's id */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is told nothing more */
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
            /** @description `app-not-found`, `webhook-not-found` */
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
    list_deliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
                /** @description The webhook's id */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersDeliveries"];
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
            /** @description `app-not-found`, `webhook-not-found` */
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
    replay_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
                /** @description The webhook's id */
                webhook_id: string;
                /** @description The delivery's id */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way, with the same `webhook-id` */
            202: {
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
            /** @description `app-not-found`, `webhook-not-found`, `delivery-not-found` */
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
    test_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                app_id: string;
                /** @description The webhook's id */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way; the list of deliveries says what came of it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersDelivery"];
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
            /** @description `app-not-found`, `webhook-not-found` */
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
    list_changes: {
        parameters: {
            query?: {
                /** @description `cursor` of an earlier answer or of a snapshot; without it everything is told. */
                since?: string;
                /** @description 1 to 500; 100 unless told. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Changes in order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersChanges"];
                };
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
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `cursor-expired`: begin with the snapshot */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    list_deprecations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What goes first, first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersDeprecations"];
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
    list_feeds: {
        parameters: {
            query?: {
                /** @description ISO 3166-1 alpha-2; `US` unless told. */
                territory?: string;
                /** @description Takes over a feed that lost many titles. For operators. */
                force?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feeds of one country */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersFeeds"];
                };
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    get_feed: {
        parameters: {
            query?: {
                /** @description ISO 3166-1 alpha-2; `US` unless told. */
                territory?: string;
                /** @description Takes over a feed that lost many titles. For operators. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description `google`, `amazon`, `roku`, `mrss`, `apple-catalog` or `apple-availability` */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the form's own media type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/ld+json": Record<string, never>;
                    "application/json": Record<string, never>;
                    "application/xml": string;
                    "application/rss+xml": string;
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this, or only operators force */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `feed-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    list_requests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody's, the newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersApps"];
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
    list_episodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The season's id */
                season_id: string;
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
                    "application/json": components["schemas"]["PartnersEpisodes"];
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
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
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    list_seasons: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The show's id */
                show_id: string;
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
                    "application/json": components["schemas"]["PartnersSeasons"];
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
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
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    get_snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All titles */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description Nothing changed since the snapshot with this entity tag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    list_titles: {
        parameters: {
            query?: {
                /** @description 1 to 200; 50 unless told. */
                limit?: number;
                /** @description `next` of the part before. */
                cursor?: string;
                /**
                 * @description Members of a title, separated by commas; all unless told. `id` always comes.
                 * @example name,artwork,links
                 */
                fields?: string;
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
                    "application/json": components["schemas"]["PartnersTitles"];
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
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `cursor-expired` */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `field-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    get_title: {
        parameters: {
            query?: {
                /**
                 * @description Members of a title, separated by commas; all unless told. `id` always comes.
                 * @example name,artwork,links
                 */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The title's id */
                title_id: string;
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
                    "application/json": components["schemas"]["PartnersTitle"];
                };
            };
            /** @description The reader has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `api-key-missing`, `api-key-invalid`, `token-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-missing`: the token was not given for this */
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
            /** @description `field-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota-exhausted`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: the catalog has not told its titles yet */
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
    get_device_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnersDeviceClient"];
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
            /** @description `app-not-found` */
            404: {
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

//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of access tokens */
        get: operations["get_key_set"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/oauth-authorization-server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server metadata */
        get: operations["get_server_metadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth/device_authorization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin signing in a device
         * @description Then the device asks `POST /oauth/token` with `grant_type=urn:ietf:params:oauth:grant-type:device_code` every
         *     `interval` seconds until somebody decided.
         */
        post: operations["authorize_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke a refresh token */
        post: operations["revoke_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get tokens
         * @description `grant_type=refresh_token` trades a refresh token (in the form or the cookie) for the next pair. Presenting a token
         *     that was used before ends its session, but for a few seconds' grace.
         *     `grant_type=urn:ietf:params:oauth:grant-type:token-exchange` trades an access token for one of a profile of the same
         *     account (RFC 8693); the session stays with that profile.
         *     `grant_type=urn:ietf:params:oauth:grant-type:device_code` is how a device asks whether it is signed in (RFC 8628).
         *     `grant_type=client_credentials` is for clients with a secret.
         */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an account
         * @description The next step is `POST /v1/sessions` with the same address and password.
         */
        post: operations["create_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in account */
        get: operations["get_own_account"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/device-codes/{user_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A device that waits
         * @description The code is read however it is typed: case, dashes and spaces do not matter.
         */
        get: operations["get_device_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/device-codes/{user_code}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Decide about a device
         * @description Once: saying the same again changes nothing, saying otherwise is refused. An approved device is signed out again by
         *     ending its session.
         */
        put: operations["decide_device_code"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/diagnoses/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whose an e-mail address is
         * @description For the console only, which records who wanted to know. By a body: addresses stand in no path and no log.
         */
        post: operations["find_account"];
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
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account's sessions */
        get: operations["list_sessions"];
        put?: never;
        /** Sign in */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}": {
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
         * End a session
         * @description Its refresh token stops working at once, its access token when its ten minutes are over.
         */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An account as its owner sees it. */
        IdentityAccount: {
            /** Format: date-time */
            created_at: string;
            /**
             * @description In its one spelling: lower case, host in ASCII form.
             * @example ada@example.org
             */
            email: string;
            id: string;
            name?: string;
        };
        /** @description The account of an address: its id and no more. */
        IdentityAccountDiagnosis: {
            account_id: string;
        };
        /** @description How to get signed in (RFC 8628, 3.2). */
        IdentityDeviceAuthorization: {
            /** @description For the device alone: what it asks `POST /oauth/token` with. */
            device_code: string;
            /**
             * Format: int64
             * @description Life of both codes in seconds.
             */
            expires_in: number;
            /**
             * Format: int64
             * @description Seconds between two questions.
             */
            interval: number;
            /**
             * @description For people to type.
             * @example BCDF-GHJK
             */
            user_code: string;
            verification_uri: string;
            /** @description The same with the code in it, to be shown as a QR code. */
            verification_uri_complete: string;
        };
        /** @description Parameters of a device authorization request. */
        IdentityDeviceAuthorizationRequest: {
            /**
             * @description One of the platform's, or the id of a partner's app: in production it signs in anybody, before that its developer.
             * @example bijou-tv
             */
            client_id: string;
            /**
             * @description How the session will be called in the list of sessions.
             * @example Living room
             */
            device_name?: string;
            scope?: string;
        };
        /**
         * @description A device that waits, as whoever may approve it sees it.
         *
         *     Codes are also sent by people who want to watch on somebody else's account: name, address and network are here to be
         *     looked at before anything is approved.
         */
        IdentityDeviceCode: {
            /**
             * @description Where it asks from.
             * @example 192.0.2.7
             */
            address?: string;
            /**
             * @description The app on it.
             * @example bijou-tv
             */
            client: string;
            /**
             * @description What that app is called, where it is a partner's.
             * @example Lantern TV
             */
            client_name?: string;
            /** Format: date-time */
            created_at: string;
            /**
             * @description How it calls itself.
             * @example Living room
             */
            device_name?: string;
            /** Format: date-time */
            expires_at: string;
            /** @description Whether that is the network this request comes from: the same address, in IPv6 the same /64. */
            same_network: boolean;
            /**
             * @description In its one spelling.
             * @example BCDF-GHJK
             */
            user_code: string;
        };
        /** @description A decision about a device. */
        IdentityDeviceDecision: {
            /** @description Whether it is signed in, with a session of its own in the list of sessions. */
            approve: boolean;
        };
        /** @description A JSON Web Key (RFC 8037). */
        IdentityKey: {
            /** @example EdDSA */
            alg: string;
            /** @example Ed25519 */
            crv: string;
            kid: string;
            /** @example OKP */
            kty: string;
            /** @example sig */
            use: string;
            x: string;
        };
        /** @description Public keys: the one that signs, the one that will, those that did lately. */
        IdentityKeySet: {
            keys: components["schemas"]["IdentityKey"][];
        };
        /** @description A new account. */
        IdentityNewAccount: {
            /** @example ada@example.org */
            email: string;
            name?: string;
            /**
             * Format: password
             * @description At least 8 characters, none of the usual ones, not the address itself.
             */
            password: string;
        };
        /** @description A sign-in. */
        IdentityNewSession: {
            /** @description Keep the refresh token in a cookie instead of the answer: for browsers. */
            cookie?: boolean;
            /** @description How the session is called in the list of sessions. */
            device_name?: string;
            /** @example ada@example.org */
            email: string;
            /** Format: password */
            password: string;
            /**
             * @description Scopes the session's tokens may have, separated by spaces; `viewer` when absent.
             * @example viewer operator
             */
            scope?: string;
        };
        /** @description The body of an error (RFC 6749, 5.2), with members of our own where a program has to tell more apart. */
        IdentityOauthError: {
            /**
             * @description Why, of a token exchange: `pin-required`, `pin-wrong`, `pin-locked`, `profile-not-found`,
             *     `subject-token-invalid`.
             * @example pin-wrong
             */
            bijou_code?: string;
            /**
             * @description One of the registered codes.
             * @example invalid_grant
             */
            error: string;
            /** @description For the developer. */
            error_description: string;
            /**
             * Format: int32
             * @description With `pin-wrong`: PINs that will still be looked at.
             */
            tries_left?: number;
        };
        /** @description The profile in use. Absent wherever the account as a whole is. */
        IdentityProfile: {
            id: string;
            /** @description A child's: it manages nothing. */
            kids: boolean;
            /** @example Kim */
            name?: string;
        };
        /** @description Everything about a profile. */
        IdentityRecord: {
            /** @description Sign-ins that the profile was chosen in last, the latest first; those of the last week too that are over. */
            sessions: components["schemas"]["IdentityRecordedSession"][];
        };
        /** @description A sign-in. */
        IdentityRecordedSession: {
            /** @description The app. */
            client: string;
            /** Format: date-time */
            created_at: string;
            device_name?: string;
            id: string;
            /** Format: date-time */
            last_seen_at: string;
            /** @description The name the profile had then. */
            profile_name?: string;
        };
        /** @description Parameters of a revocation. */
        IdentityRevocation: {
            /** @description The refresh token; absent when it is in the cookie. */
            token?: string;
        };
        /** @description What this authorisation server offers. */
        IdentityServerMetadata: {
            device_authorization_endpoint: string;
            grant_types_supported: string[];
            issuer: string;
            jwks_uri: string;
            response_types_supported: string[];
            revocation_endpoint: string;
            revocation_endpoint_auth_methods_supported: string[];
            token_endpoint: string;
            token_endpoint_auth_methods_supported: string[];
        };
        /** @description A sign-in that goes on. */
        IdentitySession: {
            /**
             * @description The app: `bijou-app` where somebody signed in by password.
             * @example bijou-app
             */
            client: string;
            /** Format: date-time */
            created_at: string;
            /** @description Whether it is the one this request belongs to. */
            current: boolean;
            /** @example Firefox on Linux */
            device_name?: string;
            id: string;
            /**
             * Format: date-time
             * @description When it last got a token: at most ten minutes before its last request.
             */
            last_seen_at: string;
            /** @description The profile in use there; absent for the account as a whole. */
            profile?: components["schemas"]["IdentityProfile"];
        };
        /** @description Sessions, most recently used first. */
        IdentitySessions: {
            items: components["schemas"]["IdentitySession"][];
        };
        /** @description A new session with its tokens. */
        IdentitySignedIn: {
            /** @description A JWT (RFC 9068) for `Authorization: Bearer`. */
            access_token: string;
            account: components["schemas"]["IdentityAccount"];
            /**
             * Format: int64
             * @description Life of the access token in seconds.
             */
            expires_in: number;
            /**
             * Format: int32
             * @description Highest certification age that may be seen until a profile is chosen; absent: no ceiling.
             */
            maturity?: number;
            /** @description `profiles` when it could not be asked: the token shows what everybody may see, and lives a minute only. */
            missing?: string[];
            /** @description For `POST /oauth/token`; absent when it is in the cookie. */
            refresh_token?: string;
            scope: string;
            session: components["schemas"]["IdentitySession"];
            /** @example Bearer */
            token_type: string;
        };
        /** @description Parameters of a token request. */
        IdentityTokenRequest: {
            /** @description Of the device's app; for `client_credentials`, instead of `Authorization: Basic`. */
            client_id?: string;
            client_secret?: string;
            /** @description For a device that is a browser: keep the refresh token in a cookie instead of the answer. */
            cookie?: boolean;
            /** @description For a device: its code. */
            device_code?: string;
            /** @example refresh_token */
            grant_type: string;
            /** @description For an exchange: the PIN of the profile to be, or of the child's profile to be left. */
            pin?: string;
            /** @description For `refresh_token`; absent when the token is in the cookie. */
            refresh_token?: string;
            /** @description For an exchange: `urn:bijou:profile:<id>`, or `urn:bijou:account` (as when absent). */
            resource?: string;
            scope?: string;
            /** @description For an exchange: an access token of the session. */
            subject_token?: string;
            /** @description For an exchange: `urn:ietf:params:oauth:token-type:access_token`. */
            subject_token_type?: string;
        };
        /** @description A successful answer (RFC 6749, 5.1), and whose it is. */
        IdentityTokens: {
            access_token: string;
            /**
             * Format: int64
             * @description Life of the access token in seconds.
             */
            expires_in: number;
            /** @description With an exchange: `urn:ietf:params:oauth:token-type:access_token`. */
            issued_token_type?: string;
            /**
             * Format: int32
             * @description Highest certification age that may be seen; absent: no ceiling.
             */
            maturity?: number;
            /** @description `profiles` when it could not be asked: the token says what was known last, and lives a minute only. */
            missing?: string[];
            /** @description The profile in use; absent for the account as a whole. */
            profile?: components["schemas"]["IdentityProfile"];
            refresh_token?: string;
            scope: string;
            /** @example Bearer */
            token_type: string;
        };
        /** @description The address a viewer complained from. */
        IdentityWhose: {
            /** @example ada@example.org */
            email: string;
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
    get_key_set: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityKeySet"];
                };
            };
        };
    };
    get_server_metadata: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityServerMetadata"];
                };
            };
        };
    };
    authorize_device: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IdentityDeviceAuthorizationRequest"];
            };
        };
        responses: {
            /** @description The codes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDeviceAuthorization"];
                };
            };
            /** @description `invalid_request`, `invalid_scope` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_client` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_request` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_request` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `temporarily_unavailable`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `temporarily_unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
        };
    };
    revoke_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IdentityRevocation"];
            };
        };
        responses: {
            /** @description The token is of no use (any more) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_client` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_request` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `temporarily_unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
        };
    };
    create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["IdentityTokenRequest"];
            };
        };
        responses: {
            /** @description Tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTokens"];
                };
            };
            /** @description `invalid_request`, `invalid_grant`, `invalid_target`, `unsupported_grant_type`, `invalid_scope`, `authorization_pending`, `slow_down`, `access_denied`, `expired_token` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_client` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_request` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `invalid_request` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
            /** @description `temporarily_unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOauthError"];
                };
            };
        };
    };
    create_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityNewAccount"];
            };
        };
        responses: {
            /** @description The account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityAccount"];
                };
            };
            /** @description `email-taken`, `email-reserved` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email-invalid`, `password-too-weak`, `text-too-long` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-attempts` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sign-in-busy`, `unavailable` */
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
    get_own_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityAccount"];
                };
            };
            /** @description `sign-in-required`, `account-gone` */
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
    get_device_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the device shows */
                user_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who asks, and from where */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDeviceCode"];
                };
            };
            /** @description `sign-in-required`, `session-over` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `app-in-sandbox`, `app-not-allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `device-code-not-found`: never was, has expired, or was decided about */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-attempts`, with `Retry-After` */
            429: {
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
    decide_device_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the device shows */
                user_code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityDeviceDecision"];
            };
        };
        responses: {
            /** @description The device is told when it next asks */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `sign-in-required`, `session-over` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `kids-profile`, `profile-limited`, `app-in-sandbox`, `app-not-allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `device-code-not-found`: never was, or has expired */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `device-code-decided`: otherwise, or by somebody else */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-attempts`, with `Retry-After` */
            429: {
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
    find_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityWhose"];
            };
        };
        responses: {
            /** @description Its account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityAccountDiagnosis"];
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
            /** @description `account-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email-invalid` */
            422: {
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
                    "application/json": components["schemas"]["IdentityRecord"];
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
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that go on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySessions"];
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
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityNewSession"];
            };
        };
        responses: {
            /** @description The session and its tokens */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySignedIn"];
                };
            };
            /** @description `credentials-invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `scope-refused` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `text-too-long` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-attempts`, with `Retry-After` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sign-in-busy`, `unavailable` */
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
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An id of `GET /v1/sessions`, or `current` */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over */
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
            /** @description `kids-profile`: a child signs out here and nowhere else */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `session-not-found`: never was, is over already, or is somebody else's */
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
}

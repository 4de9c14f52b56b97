//! Written by `npm run generate` from the committed contract; do not edit.

export interface paths {
    "/api/accounts/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the account of an e-mail address
         * @description Identity is asked, and who wanted to know it is recorded with the account, not with the address.
         */
        post: operations["find_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes
         * @description Made or refused, by whom, from what to what, and why; newest first.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify the audit
         * @description Walks the whole chain of hashes.
         */
        get: operations["verify_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a call
         * @description Sends one request to the gateway, as anybody outside would, and tells what came back. Its trace is always kept.
         */
        post: operations["make_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List synthetic checks
         * @description Sign in, search, play ten seconds through the gateway: how it went, newest first, for a week.
         */
        get: operations["list_checks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/checks/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a synthetic check now
         * @description Answers when it is over. A check that fails is an answer, too.
         */
        post: operations["run_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contracts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List contracts
         * @description Of every application with an instance that is up, and this API's own.
         */
        get: operations["list_contracts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contracts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a contract
         * @description The OpenAPI document as an instance gives it now.
         */
        get: operations["get_contract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctor/titles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say why a title is or is not there
         * @description Every owner is asked for its part; one that does not answer leaves it `unknown`.
         */
        get: operations["examine_title"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/edges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who calls whom
         * @description Rate, errors, duration, retries and open breakers of every edge, by what callers count of every call.
         */
        get: operations["list_edges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain a request
         * @description Which route it would take and why not another, what each filter would say, among whom the balancer would choose and
         *     what it would send. The request is not made; nothing is counted.
         */
        get: operations["explain_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List faults
         * @description Those that run and the last fifty that are over, with the requests each has struck.
         */
        get: operations["list_faults"];
        put?: never;
        /**
         * Put a fault in
         * @description A delay, an answer or a limit, at a route of the gateway or where one role calls another. It ends by itself, and when
         *     the console is gone.
         */
        post: operations["start_fault"];
        /**
         * Take all faults out
         * @description Whatever runs. Done even when it cannot be recorded: what is broken on purpose must always be mendable.
         */
        delete: operations["stop_faults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/faults/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a fault out */
        delete: operations["stop_fault"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/happenings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell what happened
         * @description Versions that came, instances that started, stopped or were restarted, configurations taken, faults, and what operators
         *     changed; whatever touches the time asked for, newest first.
         */
        get: operations["list_happenings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List instances
         * @description With lease age, health and the last minute of each, and what came from outside: both by what is counted of every request.
         */
        get: operations["list_instances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/instances/{app}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an instance
         * @description Lease, health and last minute; its limits, log level and effective configuration by its own words.
         */
        get: operations["get_instance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/instances/{app}/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an instance out
         * @description Nobody is sent there any more; what it works on is finished. Lasts until it is put back or restarted.
         */
        post: operations["drain_instance"];
        /** Put an instance back */
        delete: operations["undrain_instance"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/instances/{app}/{id}/log-level": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change an instance's log level
         * @description It falls back by itself.
         */
        put: operations["put_log_level"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/instances/{app}/{id}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart an instance
         * @description It finishes what it works on and ends; under `bijou up` it is started again. Elsewhere 409 `not-supervised`.
         */
        post: operations["restart_instance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens
         * @description Server-sent events `hello`, `request`, `instances` and `missed`; see the service's README.
         */
        get: operations["follow_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search log lines
         * @description Of all roles, from disk: a line is there about half a second after it came.
         */
        get: operations["list_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/patterns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count log lines by pattern
         * @description Messages with numbers, ids and quoted text taken out, and how often each came.
         */
        get: operations["list_patterns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/tail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow log lines
         * @description Server-sent events `line`, as they come, and `missed` with the number of those this reader was too slow for. Of the
         *     filters `q` (each word anywhere in the line), `level`, `service` and `trace` are heeded.
         */
        get: operations["follow_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List metrics
         * @description Of every instance, asked every ten seconds; `role` and `instance` are labels of all.
         */
        get: operations["list_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Draw a metric
         * @description Counters as rates a second, histograms as rates and quantiles, gauges as they stood; summed over series of one group.
         */
        get: operations["query_metric"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how the house does
         * @description Rate, errors and duration by what every role counts of every request, and playback's starts, completions, failures and
         *     stalls a minute. Nothing of it is sampled; instances are asked every ten seconds.
         */
        get: operations["get_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/partners/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List partners' apps at a stage */
        get: operations["list_partner_apps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/partners/apps/{id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide about a partner's app */
        post: operations["decide_partner_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/partners/deprecations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what is going away, with the apps that still call it */
        get: operations["list_partner_deprecations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/partners/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List partners' apps that ask for production */
        get: operations["list_partner_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List finished requests
         * @description From memory and, what is older, from disk. Every filter that is given has to hold. A page may be short, even empty, with
         *     a `next`: then so much was looked at, and the search goes on from there.
         */
        get: operations["list_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell the story of a request
         * @description By trace id or by request id; from memory or, when it is older, from disk.
         */
        get: operations["get_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether somebody is signed in */
        get: operations["get_session"];
        put?: never;
        /** Sign in */
        post: operations["create_session"];
        /** Sign out */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions
         * @description What accounts did without a pause of half an hour, from the newest requests and log lines that are kept.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell the story of a session */
        get: operations["get_session_story"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how full the memory is */
        get: operations["get_status"];
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
        BTreeMap: {
            [key: string]: string;
        };
        /** @description The account of an address. */
        ConsoleAccountFound: {
            /** @description What sessions, requests and log lines name it by. */
            account_id: string;
        };
        /** @description An address as somebody complained from it. */
        ConsoleAccountWanted: {
            /** @example ada@example.org */
            email: string;
        };
        /**
         * @description Who answers.
         * @enum {string}
         */
        ConsoleAnsweredBy: "instance" | "gateway" | "app";
        /** @description One try of a call. */
        ConsoleAttempt: {
            addr?: string;
            /** Format: double */
            duration_ms: number;
            from: string;
            instance_id?: string;
            message?: string;
            /**
             * Format: int64
             * @description From 1.
             */
            number: number;
            outcome: components["schemas"]["ConsoleOutcome"];
            /** Format: double */
            start_ms: number;
            /** Format: int32 */
            status?: number;
            to: string;
        };
        /** @description A page of the audit, newest first. */
        ConsoleAudit: {
            items: components["schemas"]["ConsoleAuditEntry"][];
            /** Format: int64 */
            next?: number;
        };
        /** @description A change that was made or refused. */
        ConsoleAuditEntry: {
            action: string;
            actor: string;
            after?: unknown;
            /** @description RFC 3339, UTC. */
            at: string;
            before?: unknown;
            /** @description SHA-256 of the entry with the hash before it. */
            hash: string;
            reason?: string;
            /** Format: int64 */
            seq: number;
            target: string;
        };
        /** @description Whether the audit is whole. */
        ConsoleAuditVerdict: {
            /**
             * Format: int64
             * @description The first entry that is not.
             */
            broken_at?: number;
            /**
             * Format: int64
             * @description Entries that are what they were when they were written.
             */
            entries: number;
            /** @description Hash of the last of them; noted elsewhere, it shows later that nothing was cut off. */
            head: string;
            whole: boolean;
        };
        /** @description A call to try. */
        ConsoleCall: {
            body?: string | null;
            /**
             * @description `accept`, `accept-language`, `authorization`, `content-type`, `idempotency-key`, `if-match`, `if-modified-since`,
             *     `if-none-match`, `range`, `x-api-key`.
             */
            fields?: {
                [key: string]: string;
            };
            /** @example GET */
            method: string;
            /**
             * @description A path with its query; never a host.
             * @example /v1/titles?limit=1
             */
            path: string;
        };
        /** @description What came back. */
        ConsoleCalled: {
            /** @description Empty when it is no text. */
            body: string;
            /** @description As far as it was read. */
            body_bytes: number;
            fields: components["schemas"]["ConsoleField"][];
            /** @description Whether there was more than is shown. */
            is_cut: boolean;
            is_text: boolean;
            request_id?: string;
            /** Format: int32 */
            status: number;
            /**
             * Format: double
             * @description Until the head was there.
             */
            took_ms: number;
            /** @description Where its story is told. */
            trace_id: string;
        };
        /** @description An app that still calls. */
        ConsoleCallingApp: {
            /** Format: int64 */
            calls: number;
            /** @description The newest first. */
            days: components["schemas"]["ConsoleCallingDay"][];
            id: string;
            name: string;
        };
        /** @description Its calls of one day. */
        ConsoleCallingDay: {
            /** Format: int64 */
            calls: number;
            /**
             * @description UTC.
             * @example 2027-01-15
             */
            day: string;
        };
        /** @description An instance as one worker sees it. */
        ConsoleCandidate: {
            address: string;
            /** Format: int32 */
            in_flight: number;
            instance_id: string;
            /** @description `same-zone`, `other-zone` or `unknown-zone`; absent where the gateway has none. */
            locality?: string;
            /**
             * Format: float
             * @description Lower is better.
             */
            score: number;
            /** @description `probation`, `healthy`, `suspect` or `tripped`: the last gets nothing while there are others. */
            state: string;
            /** @description Absent while no worker has met it. */
            worker?: number;
            /** @description As the instance says itself. */
            zone?: string;
        };
        /** @description A finished check. */
        ConsoleCheck: {
            /** @description RFC 3339, UTC. */
            at: string;
            /** @description `schedule`, or who asked. */
            by: string;
            passed: boolean;
            /** @description The steps that were made; the ones after a failed one are only for leaving. */
            steps: components["schemas"]["ConsoleCheckStep"][];
            /** Format: int64 */
            took_ms: number;
        };
        /** @description One step of it. */
        ConsoleCheckStep: {
            /** @description `sign-in`, `browse`, `search`, `play`, `manifests`, `segments`, `stop`, `sign-out`. */
            name: string;
            /** @description Why it failed; absent when it did not. */
            problem?: string;
            /** Format: int64 */
            took_ms: number;
            /** @description Its request's story. */
            trace_id?: string;
        };
        /** @description A page of checks, newest first. */
        ConsoleChecks: {
            /** @description Whether there is an account to check as (`console.checks`). */
            configured: boolean;
            /**
             * Format: int64
             * @description The pause between two; absent when none are made by themselves.
             */
            every_s?: number;
            items: components["schemas"]["ConsoleCheck"][];
            /** Format: int64 */
            next?: number;
        };
        /** @description An instance chosen among several. */
        ConsoleChoice: {
            /** Format: double */
            at_ms: number;
            by: string;
            /** Format: int64 */
            candidates?: number;
            chosen?: string;
            to: string;
        };
        ConsoleContractName: {
            /**
             * @description `operator` for this API, `gateway` for everything that can be reached from outside, otherwise the application's name in
             *     lower case.
             * @example catalog
             */
            name: string;
        };
        /** @description Whose contracts there are. */
        ConsoleContracts: {
            items: components["schemas"]["ConsoleContractName"][];
        };
        /** @description What it comes to. */
        ConsoleDiagnosis: {
            /** @description In the order in which a viewer would run into them. */
            checks: components["schemas"]["ConsoleDoctorCheck"][];
            name?: string;
            title_id: string;
            /** @description Whether it can be watched: what the checks of that concern come to. */
            verdict: components["schemas"]["ConsoleDoctorVerdict"];
            /** @description The first thing in the way, or that there is none. */
            words: string;
        };
        /** @description One question and its answer. */
        ConsoleDoctorCheck: {
            concern: components["schemas"]["ConsoleDoctorConcern"];
            /** @description The facts it rests on. */
            evidence: {
                [key: string]: unknown;
            };
            /** @description `catalog`, `offer`, `maturity`, `playable`, `device`, `heard`, `search`, `recommendations`, `taste`. */
            id: string;
            /** @description The role that answered or did not. */
            owner: string;
            verdict: components["schemas"]["ConsoleDoctorVerdict"];
            words: string;
        };
        /**
         * @description What a check is about: without the first nobody can watch, without the second they only do not come across it.
         * @enum {string}
         */
        ConsoleDoctorConcern: "watching" | "finding";
        /**
         * @description Whether something stands between a viewer and the title.
         * @enum {string}
         */
        ConsoleDoctorVerdict: "ok" | "blocks" | "unknown";
        /** @description One role calling another. */
        ConsoleEdge: {
            /**
             * Format: int64
             * @description Instances of the called role that get nothing now because they failed several times in a row.
             */
            breakers_open: number;
            /**
             * Format: double
             * @description Attempts at calls, retries among them.
             */
            calls: number;
            /**
             * Format: double
             * @description Not answered, or with 500 and above.
             */
            failed: number;
            from: string;
            /** Format: double */
            p50_ms?: number;
            /** Format: double */
            p99_ms?: number;
            /** Format: double */
            per_second: number;
            /**
             * Format: double
             * @description Attempts behind the first of their call.
             */
            retries: number;
            to: string;
        };
        /** @description Who calls whom, the busiest first. */
        ConsoleEdges: {
            items: components["schemas"]["ConsoleEdge"][];
        };
        /** @description A moment within a span. */
        ConsoleEvent: {
            /** Format: double */
            at_ms: number;
            attributes: Record<string, never>;
            name: string;
        };
        /** @description A measurement that leads to a request. */
        ConsoleExemplar: {
            /** @description RFC 3339, UTC. */
            at: string;
            labels: components["schemas"]["BTreeMap"];
            trace_id: string;
            /** Format: double */
            value: number;
        };
        /** @description What would happen to a request. */
        ConsoleExplanation: {
            answered_by: components["schemas"]["ConsoleAnsweredBy"];
            /** @description Instances as each worker of the gateway sees them, the best first; none when the request does not come so far. */
            candidates: components["schemas"]["ConsoleCandidate"][];
            /** @description Of the refusal's problem. */
            code?: string;
            /** @description In their order. */
            filters: components["schemas"]["ConsoleFilterVerdict"][];
            /** @description Empty when the address names none: routes for certain hosts do not match then. */
            host: string;
            method: string;
            /** @description Routes with the same beginning that do not match, or less well. */
            others: components["schemas"]["ConsoleRouteNotTaken"][];
            /** @description As it is matched and forwarded. */
            path: string;
            route?: components["schemas"]["ConsoleRouteFound"];
            /**
             * Format: int32
             * @description Of the gateway's refusal.
             */
            status?: number;
            upstream?: components["schemas"]["ConsoleUpstream"];
            /** @description How many stay in the gateway's zone; absent where it has none, and where instances are given by address. */
            zones?: components["schemas"]["ConsoleZones"];
        };
        /** @description A fault that was put in. */
        ConsoleFault: {
            /** Format: int32 */
            accounts_percent?: number;
            by: string;
            /** Format: int64 */
            delay_ms?: number;
            /** @description When it ends or ended, RFC 3339, UTC. */
            ends_at: string;
            from?: string;
            /**
             * Format: int64
             * @description Requests it struck.
             */
            hits: number;
            id: string;
            /** @description Instances that had it when they were told last. */
            instances: number;
            /** @description Instances that could not be told; there it ends within seconds. */
            instances_not_told: number;
            /** @description `delay`, `abort` or `limit`. */
            kind: string;
            /** Format: int32 */
            per_second?: number;
            /** Format: int32 */
            percent: number;
            reason: string;
            route?: string;
            /** @description RFC 3339, UTC. */
            started_at: string;
            /** @description `running`, `ended` (by itself) or `stopped`. */
            state: string;
            /** Format: int32 */
            status?: number;
            to?: string;
        };
        /**
         * @description What happens to a request that is struck.
         * @enum {string}
         */
        ConsoleFaultKind: "delay" | "abort" | "limit";
        /** @description Faults, and how far one may go. */
        ConsoleFaults: {
            /**
             * Format: int64
             * @description Longest time.
             */
            duration_s_max: number;
            /** @description Running ones first, then the last that are over; the newest first. */
            items: components["schemas"]["ConsoleFault"][];
            /**
             * Format: int32
             * @description Largest share of the requests at one place, in percent.
             */
            percent_max: number;
            /** @description Roles between which calls can be broken. */
            roles: string[];
        };
        ConsoleField: {
            name: string;
            value: string;
        };
        /** @description How far a figure moved. */
        ConsoleFigureSpan: {
            /** Format: int64 */
            last: number;
            /** Format: int64 */
            least: number;
            /** Format: int64 */
            most: number;
        };
        /** @description What a filter would say. */
        ConsoleFilterVerdict: {
            filter: string;
            verdict: components["schemas"]["ConsoleVerdict"];
            why?: string;
        };
        /** @description A graph. */
        ConsoleGraph: {
            /** @description Where roles send them, the largest first. */
            exemplars: components["schemas"]["ConsoleExemplar"][];
            /** @description End of the first step, RFC 3339, UTC. */
            first_at: string;
            /** @description More points than can be looked at: the graph lacks some. Narrow it. */
            is_cut: boolean;
            /** @description `counter`, `gauge` or `histogram`. */
            kind: string;
            /** @description Lines that were left out. */
            left_out: number;
            /** @description The 150 strongest at most; those of one group stand together. */
            lines: components["schemas"]["ConsoleGraphLine"][];
            name: string;
            /** Format: int64 */
            step_s: number;
            unit: string;
        };
        /** @description One line of a graph. */
        ConsoleGraphLine: {
            labels: components["schemas"]["BTreeMap"];
            /** @description `value` (of a gauge), `rate` (a second), or a quantile such as `p99`. */
            stat: string;
            /** @description One for each step; null where nothing is known, or nothing came that could be slow. */
            values: (number | null)[];
        };
        /** @description Something that happened. */
        ConsoleHappening: {
            /** @description RFC 3339, UTC. */
            at: string;
            /** @description Who did it: `token`, or an operator's e-mail address. */
            by?: string;
            instance_id?: string;
            kind: components["schemas"]["ConsoleHappeningKind"];
            reason?: string;
            role?: string;
            /** @description Of what lasts: its end, which may be planned; RFC 3339, UTC. */
            until?: string;
            /** @description `catalog 0.2.0 restarted`. */
            words: string;
        };
        /**
         * @description What kind of thing happened.
         * @enum {string}
         */
        ConsoleHappeningKind: "deploy" | "start" | "stop" | "restart" | "config" | "fault" | "change";
        /** @description What happened, newest first. */
        ConsoleHappenings: {
            /** @description The newest 500 at most. */
            items: components["schemas"]["ConsoleHappening"][];
        };
        /** @description How an instance is. */
        ConsoleHealth: {
            /** @description RFC 3339, UTC; absent when it was not asked. */
            checked_at?: string;
            /** @description `ready`, `not-ready`, `unreachable` or `unknown`. */
            health: string;
            phase?: string;
            reasons?: string[];
        };
        /** @description One edge of the map. */
        ConsoleHop: {
            /** Format: double */
            duration_ms: number;
            from: string;
            instance_id?: string;
            name: string;
            outcome: components["schemas"]["ConsoleOutcome"];
            /**
             * Format: double
             * @description From the request's start.
             */
            start_ms: number;
            /** Format: int32 */
            status?: number;
            to: string;
        };
        /** @description One instance. */
        ConsoleInstance: components["schemas"]["ConsoleHealth"] & {
            addr: string;
            app: string;
            instance_id: string;
            /** @description By what it counts of every request; absent while it was not asked, or when it counts none. */
            last_minute?: components["schemas"]["ConsoleMinute"];
            lease?: components["schemas"]["ConsoleLease"];
            metadata: {
                [key: string]: string;
            };
            role: string;
            /** @description As the registry has it: `UP`, `DOWN`, `STARTING`, `OUT_OF_SERVICE`, `UNKNOWN`. */
            status: string;
            version?: string;
            zone?: string;
        };
        /** @description One instance with everything about it. */
        ConsoleInstanceDetail: {
            configuration?: components["schemas"]["ConsoleSetting"][];
            instance: components["schemas"]["ConsoleInstance"];
            /** @description Why it cannot be asked: `instance-not-controllable` or `instance-unreachable`. */
            problem?: string;
            /** @description Absent when it cannot be asked: see `problem`. */
            state?: components["schemas"]["ConsoleInstanceState"];
        };
        ConsoleInstanceLimits: {
            /** Format: int64 */
            body_bytes_max: number;
            /** Format: int64 */
            deadline_ms: number;
            /**
             * Format: int64
             * @description Requests worked on now, the console's own included.
             */
            in_flight: number;
            /** Format: int64 */
            in_flight_max: number;
        };
        /** @description How an instance runs, by its own words. */
        ConsoleInstanceState: {
            /** @description Whether an operator has taken it out. */
            drained: boolean;
            /** @description Absent where the chassis does not admit requests: the gateway has filters for that. */
            limits?: components["schemas"]["ConsoleInstanceLimits"];
            log: components["schemas"]["ConsoleLogLevel"];
            /** @description `starting`, `serving`, `draining`, `finishing`, `closing`. */
            phase: string;
            /** @description Whether it is started again when it ends, so that it may be restarted from here. */
            supervised: boolean;
            version: string;
        };
        /** @description Everybody the registry knows. */
        ConsoleInstances: {
            items: components["schemas"]["ConsoleInstance"][];
            /** @description RFC 3339, UTC. */
            now: string;
            /** @description What came from outside, by what gateways count; absent while none was asked. */
            outside?: components["schemas"]["ConsoleOutside"];
            registry: components["schemas"]["ConsoleRegistry"];
        };
        /** @description The lease an instance renews. */
        ConsoleLease: {
            /**
             * Format: int64
             * @description Since the last renewal.
             */
            age_ms: number;
            /** Format: int64 */
            duration_ms: number;
            /**
             * Format: int64
             * @description Negative once it is over and the instance is kept by self-preservation.
             */
            expires_in_ms: number;
            registered_at: string;
            renewed_at: string;
            /** Format: int64 */
            renewed_every_ms: number;
        };
        /** @description A log line, whoever said it. */
        ConsoleLine: {
            /** @description RFC 3339, UTC. */
            at: string;
            attributes: Record<string, never>;
            instance_id?: string;
            /** @description `trace`, `debug`, `info`, `warn` or `error`. */
            level: string;
            message: string;
            request_id?: string;
            role: string;
            target?: string;
            trace_id?: string;
        };
        /** @description A page of log lines, newest first. */
        ConsoleLines: {
            items: components["schemas"]["ConsoleLine"][];
            /** Format: int64 */
            next?: number;
        };
        ConsoleLogLevel: {
            /** @description What it falls back to. */
            configured: string;
            /** Format: int64 */
            falls_back_in_ms?: number;
            level: string;
            /** @description Whether other roles of the same process change with it. */
            process_wide: boolean;
        };
        /** @description A log line of a request. */
        ConsoleLogLine: {
            /** @description RFC 3339, UTC. */
            at: string;
            /** Format: double */
            at_ms: number;
            attributes: Record<string, never>;
            instance_id?: string;
            /** @description `trace`, `debug`, `info`, `warn` or `error`. */
            level: string;
            message: string;
            role: string;
            span_id?: string;
            target?: string;
        };
        /** @description Requests between two looks. */
        ConsoleLook: {
            /** @description Until then, RFC 3339, UTC. */
            at: string;
            /** Format: double */
            per_second: number;
        };
        /** @description How full the memory is. */
        ConsoleMemory: {
            bytes: number;
            bytes_max: number;
            /**
             * Format: int64
             * @description Traces pushed out since the start.
             */
            forgotten: number;
            held: number;
        };
        /** @description A metric. */
        ConsoleMetric: {
            help: string;
            /** @description `counter`, `gauge` or `histogram`. */
            kind: string;
            /** @description Label names and their values. */
            labels: {
                [key: string]: string[];
            };
            name: string;
            /** @description `seconds`, `bytes`; empty where it is a number of things. */
            unit: string;
        };
        /** @description Every metric there are numbers of. */
        ConsoleMetrics: {
            items: components["schemas"]["ConsoleMetric"][];
        };
        /** @description What an instance did in the last minute, up to its last page. */
        ConsoleMinute: {
            /**
             * Format: int64
             * @description Answered 5xx.
             */
            failed: number;
            /** Format: double */
            p50_ms?: number;
            /** Format: double */
            p99_ms?: number;
            /** Format: int64 */
            requests: number;
        };
        /** @description Something that happened. */
        ConsoleMoment: {
            /** @description RFC 3339, UTC. */
            at: string;
            /** @description `sign-in`, `sign-out`, `home`, `search`, `request`, `play`, `quality`, `error`. */
            kind: string;
            outcome: components["schemas"]["ConsoleOutcome"];
            playback_id?: string;
            /** @description Its request's story. */
            trace_id?: string;
            words: string;
        };
        /** @description What to break, where, for whom and how long. */
        ConsoleNewFault: {
            /**
             * Format: int32
             * @description Only the requests of this share of all accounts, always the same ones, in percent from 1.
             */
            accounts_percent?: number | null;
            /**
             * Format: int64
             * @description Milliseconds, 1 to 30000.
             */
            delay_ms?: number | null;
            /**
             * Format: int64
             * @description It ends after so many seconds.
             */
            duration_s: number;
            /** @description The calling role, with `to`; absent for every caller. */
            from?: string | null;
            /** @description What happens: `delay` (needs `delay_ms`), `abort` (needs `status`) or `limit` (needs `per_second`). */
            kind: components["schemas"]["ConsoleFaultKind"];
            /**
             * Format: int32
             * @description Requests a second and instance that still pass.
             */
            per_second?: number | null;
            /**
             * Format: int32
             * @description Share of the requests there, in percent from 1.
             */
            percent: number;
            /** @description Recorded in the audit. */
            reason: string;
            /** @description Id of a route of the gateway. Either this or `to`. */
            route?: string | null;
            /**
             * Format: int32
             * @description 400 to 599.
             */
            status?: number | null;
            /**
             * @description The called role.
             * @example catalog
             */
            to?: string | null;
        };
        /** @description A log level for a while. */
        ConsoleNewLogLevel: {
            /**
             * Format: int64
             * @description After so many seconds, an hour at most, it falls back by itself.
             */
            duration_s: number;
            /** @description `debug`, or by target: `info,bijou_catalog=debug`. */
            level: string;
            /** @description Recorded in the audit. */
            reason: string;
        };
        /**
         * @description How something ended.
         * @enum {string}
         */
        ConsoleOutcome: "ok" | "refused" | "failed";
        /** @description What came from outside lately. Nothing of it is sampled. */
        ConsoleOutside: {
            last_minute: components["schemas"]["ConsoleMinute"];
            /** @description Oldest first, some ten seconds apart, of the last five minutes. */
            looks: components["schemas"]["ConsoleLook"][];
            /**
             * Format: double
             * @description Over as much of the last minute as is known.
             */
            per_second: number;
        };
        /** @description How the house does. */
        ConsoleOverview: {
            /** @description End of the first step, RFC 3339, UTC. */
            first_at: string;
            /** @description More points than can be looked at: numbers lack some. */
            is_cut: boolean;
            pulse: components["schemas"]["ConsolePulse"];
            /** @description The busiest first, 200 at most. */
            routes: components["schemas"]["ConsoleServed"][];
            /** @description The busiest first. */
            services: components["schemas"]["ConsoleServed"][];
            /** Format: int64 */
            step_s: number;
            traffic: components["schemas"]["ConsoleTraffic"];
        };
        ConsolePartnerApp: {
            /** @description RFC 3339, UTC. */
            created_at: string;
            id: string;
            name: string;
            /** Format: int32 */
            per_day: number;
            /**
             * Format: int32
             * @description Calls it may make.
             */
            per_minute: number;
            /** @description Why it was refused or stopped, as its developer reads it. */
            reason?: string;
            scopes: string[];
            /** @description `sandbox`, `requested`, `production` or `suspended`. */
            stage: string;
        };
        /** @description Apps, the newest first. */
        ConsolePartnerApps: {
            items: components["schemas"]["ConsolePartnerApp"][];
        };
        /** @description What is decided, and why. */
        ConsolePartnerDecision: {
            decision: components["schemas"]["ConsolePartnerDecisionWord"];
            /** @description Recorded in the audit; of `decline` and `suspend` the app's developer reads it too. At most 500 letters. */
            reason: string;
        };
        /** @enum {string} */
        ConsolePartnerDecisionWord: "approve" | "decline" | "suspend" | "resume";
        /** @description An operation that is going away, with its calls of the last thirty days. */
        ConsolePartnerDeprecation: {
            /** @description The one with the most calls first. */
            apps: components["schemas"]["ConsoleCallingApp"][];
            /** Format: int64 */
            calls: number;
            /** @description What to do instead. */
            link: string;
            method: string;
            operation: string;
            path: string;
            /** @description Since when it is deprecated; RFC 3339, UTC. */
            since: string;
            /** @description Until when it answers for sure; RFC 3339, UTC. */
            sunset: string;
        };
        /** @description What is going away of the partners' API, and who still calls it. */
        ConsolePartnerDeprecations: {
            /** @description What goes first, first. */
            items: components["schemas"]["ConsolePartnerDeprecation"][];
        };
        /** @description Lines that differ only in numbers, ids and quoted text. */
        ConsolePattern: {
            count: number;
            /** @description The newest of them. */
            example: string;
            /** @description RFC 3339, UTC. */
            first_at: string;
            last_at: string;
            /** @description `trace`, `debug`, `info`, `warn` or `error`. */
            level: string;
            pattern: string;
            roles: string[];
        };
        /** @description Patterns, the most frequent first. */
        ConsolePatterns: {
            /** @description Lines that were counted: the newest 50 000 of those asked for, at most. */
            counted: number;
            items: components["schemas"]["ConsolePattern"][];
        };
        /** @description How one playback went. */
        ConsolePlayback: {
            /**
             * Format: int64
             * @description The last that was told.
             */
            bitrate_kbps?: number;
            /** @description What the player said of itself with those requests; absent when it said nothing. */
            cmcd?: components["schemas"]["ConsolePlayerWords"];
            device?: string;
            /**
             * Format: int64
             * @description What the player met, those that ended it included.
             */
            errors: number;
            id: string;
            /** Format: double */
            position_s?: number;
            /** Format: int64 */
            segment_bytes: number;
            /**
             * Format: int64
             * @description Of the segments whose requests were sampled.
             */
            segments: number;
            /** Format: int64 */
            stalled_ms: number;
            /**
             * Format: int64
             * @description Times that the player ran dry, and how long in all.
             */
            stalls: number;
            /**
             * Format: int64
             * @description From the press of Play to the first picture.
             */
            startup_ms?: number;
            /**
             * Format: int64
             * @description Changes of the picture's size.
             */
            switches: number;
            title_id?: string;
        };
        /** @description A playback in the player's own words: Common Media Client Data (CTA-5004), of the segments whose requests were sampled. */
        ConsolePlayerWords: {
            /** @description Encoded bitrate of what was asked for (`br`): the least, the last and the most. */
            bitrate_kbps?: components["schemas"]["ConsoleFigureSpan"];
            /** @description Media ahead of the picture (`bl`). */
            buffer_ms?: components["schemas"]["ConsoleFigureSpan"];
            /**
             * Format: int64
             * @description Requests made in a hurry, to begin or go on after a seek or a stall (`su`).
             */
            startup: number;
            /**
             * Format: int64
             * @description Requests after the player had run dry (`bs`).
             */
            starved: number;
            /** @description Throughput as the player measured it (`mtp`). */
            throughput_kbps?: components["schemas"]["ConsoleFigureSpan"];
        };
        /** @description Playback, step by step, as so many in the minute before; null where nothing is known. */
        ConsolePulse: {
            /** @description Viewers who got to the end. */
            completions: (number | null)[];
            /** @description Errors that ended a film. */
            failures: (number | null)[];
            /** @description Pictures that stood still because nothing was loaded. */
            rebuffers: (number | null)[];
            /** @description Viewers who saw the first picture. */
            starts: (number | null)[];
        };
        /** @description Why something is done. */
        ConsoleReason: {
            /**
             * @description Recorded in the audit.
             * @example looking for the slow query
             */
            reason: string;
        };
        /** @description Records received since the start. */
        ConsoleReceived: {
            /** Format: int64 */
            logs: number;
            /** Format: int64 */
            rejected: number;
            /** Format: int64 */
            spans: number;
        };
        /** @description The registry itself. */
        ConsoleRegistry: {
            epoch?: string;
            reachable: boolean;
            /** Format: int64 */
            revision?: number;
            self_preservation?: string;
        };
        /** @description A finished request. */
        ConsoleRequest: {
            /** @description Whose token it came with. */
            account?: string;
            /** @description The step of a synthetic check that made it; absent for what people did. */
            check?: string;
            /** Format: double */
            duration_ms: number;
            /** @description The role it came in by. */
            entry: string;
            hops: components["schemas"]["ConsoleHop"][];
            /** @description The trace id. */
            id: string;
            /** @description Number of log lines. */
            logs: number;
            message?: string;
            method?: string;
            outcome: components["schemas"]["ConsoleOutcome"];
            path?: string;
            request_id?: string;
            /**
             * Format: int32
             * @description Grows whenever late spans or log lines changed it.
             */
            revision: number;
            route?: string;
            /** @description RFC 3339, UTC. */
            started_at: string;
            /** Format: int32 */
            status?: number;
        };
        /** @description A page of finished requests, newest first. */
        ConsoleRequestList: {
            items: components["schemas"]["ConsoleRequest"][];
            next?: string;
        };
        /** @description The route that matches. */
        ConsoleRouteFound: {
            application: string;
            id: string;
            why: string;
        };
        /** @description A route that does not. */
        ConsoleRouteNotTaken: {
            id: string;
            why_not: string;
        };
        /** @description A service, or a route, over the whole time. */
        ConsoleServed: {
            /**
             * Format: double
             * @description Answered 5xx.
             */
            failed: number;
            /** Format: double */
            p50_ms?: number;
            /** Format: double */
            p99_ms?: number;
            /**
             * Format: double
             * @description Over the time something is known of.
             */
            per_second: number;
            /**
             * Format: double
             * @description How many, whole: graphs divide what came among their steps, tables do not.
             */
            requests: number;
            role: string;
            /** @description `GET /v1/titles/{id}`; of the gateway the id of its route. */
            route?: string;
        };
        /** @description A session. */
        ConsoleSession: {
            /** @description RFC 3339, UTC. */
            expires_at: string;
            signed_in: boolean;
            /** @description `token`, or the operator's e-mail address. */
            who: string;
        };
        /** @description A session in full. */
        ConsoleSessionStory: components["schemas"]["ConsoleSessionSummary"] & {
            /** @description What happened, in order: sampled requests, and everything playback was told. */
            moments: components["schemas"]["ConsoleMoment"][];
            playbacks: components["schemas"]["ConsolePlayback"][];
        };
        /** @description A session in short. */
        ConsoleSessionSummary: {
            account: string;
            /** @description RFC 3339, UTC. */
            began_at: string;
            /** @description Names of what it played on. */
            devices: string[];
            ended_at: string;
            /** @description Of its moments, those that went wrong. */
            failed: number;
            id: string;
            moment_count: number;
            playback_count: number;
        };
        /** @description Sessions, newest first. */
        ConsoleSessions: {
            items: components["schemas"]["ConsoleSessionSummary"][];
        };
        /** @description A setting in force. */
        ConsoleSetting: {
            /** @description `default`, a file with its line, an environment variable, or a flag. */
            origin: string;
            path: string;
            /** @description As TOML writes it; secrets as stars. */
            value: string;
        };
        /**
         * @description Either `token`, or `email` and `password`. One object of optional members, so that clients of the release that knew
         *     the token alone go on.
         */
        ConsoleSignIn: {
            email?: string | null;
            /** Format: password */
            password?: string | null;
            /** @description From the printed link. */
            token?: string | null;
        };
        /** @description A span in the tree. */
        ConsoleSpan: {
            attributes: Record<string, never>;
            depth: number;
            /** Format: double */
            duration_ms: number;
            events: components["schemas"]["ConsoleEvent"][];
            instance_id?: string;
            /** @description `server`, `client` or `internal`. */
            kind: string;
            message?: string;
            name: string;
            outcome: components["schemas"]["ConsoleOutcome"];
            parent_span_id?: string;
            role: string;
            span_id: string;
            /** Format: double */
            start_ms: number;
            /** Format: int32 */
            status?: number;
        };
        /** @description The console's own state. */
        ConsoleStatus: {
            /** @description Who follows the live stream. */
            readers: number;
            received: components["schemas"]["ConsoleReceived"];
            traces: components["schemas"]["ConsoleMemory"];
        };
        /** @description A request with everything known of it. */
        ConsoleStory: components["schemas"]["ConsoleRequest"] & {
            attempts: components["schemas"]["ConsoleAttempt"][];
            choices: components["schemas"]["ConsoleChoice"][];
            log_lines: components["schemas"]["ConsoleLogLine"][];
            /** @description Parents before children, by start. */
            spans: components["schemas"]["ConsoleSpan"][];
        };
        /** @description Requests, step by step; null where nothing is known, or nothing came that could be slow. */
        ConsoleTraffic: {
            /** @description A second, answered 5xx. */
            failed: (number | null)[];
            p50_ms: (number | null)[];
            p99_ms: (number | null)[];
            /** @description A second. */
            requests: (number | null)[];
        };
        /** @description What would be sent to the chosen one. */
        ConsoleUpstream: {
            /** Format: int64 */
            attempt_ms: number;
            /** Format: int32 */
            attempts_max: number;
            /** Format: int64 */
            deadline_ms: number;
            passport_audience: string[];
            /** @description Whether an attempt may be repeated after something of it was sent. */
            repeats_sent: boolean;
            request: string;
        };
        /**
         * @description Whether a filter lets it pass.
         * @enum {string}
         */
        ConsoleVerdict: "passes" | "refuses" | "depends" | "not-reached";
        /** @description What the gateway's zone means for a request. */
        ConsoleZones: {
            /** @description The gateway's own. */
            own: string;
            /**
             * Format: float
             * @description The part of requests that stays in it, from 0 to 1, unless an instance there is much busier than one elsewhere.
             */
            share: number;
            why: string;
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
    find_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsoleAccountWanted"];
            };
        };
        responses: {
            /** @description Its account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAccountFound"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
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
            /** @description `identity-away`, `audit-unavailable` */
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
    list_audit: {
        parameters: {
            query?: {
                /** @description At most so many, up to 200. */
                limit?: number;
                /** @description The `next` of the page before. */
                before?: number;
                /** @description Only what this operator did: `token`, an e-mail address, `nobody` or `system:<part>`. */
                actor?: string;
                /** @description Only this action. */
                action?: string;
                /** @description Only targets that contain this. */
                target?: string;
                /** @description Not older than this, RFC 3339. */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAudit"];
                };
            };
            /** @description A filter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
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
    verify_audit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAuditVerdict"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
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
    make_call: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsoleCall"];
            };
        };
        responses: {
            /** @description What came back, whatever its status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleCalled"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `call-refused`: such a call is not sent from here */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gateway-unreachable` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    list_checks: {
        parameters: {
            query?: {
                /** @description At most so many, up to 500. */
                limit?: number;
                /** @description The `next` of the page before. */
                before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleChecks"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database is away */
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
    run_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleCheck"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `checks-not-configured`, `check-running` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable`, or the result cannot be kept */
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
    list_contracts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their names */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleContracts"];
                };
            };
            /** @description Not signed in */
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
    get_contract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As listed: `catalog` */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `contract-not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `contract-unavailable`: no instance gives one */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    examine_title: {
        parameters: {
            query?: {
                /** @description Country (ISO 3166-1 alpha-2), as `DE`; absent: nobody knows where. */
                territory?: string;
                /** @description Id of a profile, for its ceiling and what it did with the title. */
                profile?: string;
                /** @description Id of the account the profile should be of. */
                account?: string;
                /** @description RFC 3339; now when absent. */
                at?: string;
                /** @description What the device decodes, by RFC 6381: `avc1.640028,mp4a.40.2`. */
                device?: string;
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
            /** @description The checks in order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleDiagnosis"];
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
            /** @description Not signed in */
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
    list_edges: {
        parameters: {
            query?: {
                /** @description From then on, RFC 3339; a minute ago without it. */
                since?: string;
                /** @description Until then, RFC 3339; now without it. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The busiest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleEdges"];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    explain_request: {
        parameters: {
            query: {
                /**
                 * @description The method.
                 * @example GET
                 */
                method: string;
                /**
                 * @description A path with its query, or a whole address when the host matters.
                 * @example /v1/titles
                 */
                url: string;
                /** @description `nobody` (the default), `viewer`, `operator`, `partner`, or the id of an account that watches. */
                as?: string;
                /**
                 * @description The client's address, for rate limits; loopback when absent.
                 * @example 127.0.0.1
                 */
                client?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What would happen */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleExplanation"];
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
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The gateway cannot explain */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `question-invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The gateway does not answer */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `no-gateway`: none is registered */
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
    list_faults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Running ones first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleFaults"];
                };
            };
            /** @description Not signed in */
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
    start_fault: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsoleNewFault"];
            };
        };
        responses: {
            /** @description It is in force */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleFault"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too-many-faults` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fault-invalid`, `fault-too-large`, `fault-too-long`, `reason-missing` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    stop_faults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is broken on purpose any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable`: done, but not recorded */
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
    stop_fault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id */
                id: string;
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
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not run */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    list_happenings: {
        parameters: {
            query?: {
                /** @description From then on, RFC 3339; an hour ago without it. */
                since?: string;
                /** @description Until then, RFC 3339; now without it. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleHappenings"];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Archive or audit is away */
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
    list_instances: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody the registry knows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleInstances"];
                };
            };
            /** @description Not signed in */
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
    get_instance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `CATALOG` */
                app: string;
                /** @description Instance id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything about it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleInstanceDetail"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such instance */
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
    drain_instance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `CATALOG` */
                app: string;
                /** @description Instance id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsoleReason"];
            };
        };
        responses: {
            /** @description Taken out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleInstanceState"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such instance */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be changed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `reason-missing` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not answer */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    undrain_instance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `CATALOG` */
                app: string;
                /** @description Instance id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Put back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleInstanceState"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such instance */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be changed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not answer */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    put_log_level: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `CATALOG` */
                app: string;
                /** @description Instance id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsoleNewLogLevel"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleInstanceState"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such instance */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot be changed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `log-level-unknown`, `duration-refused`, `reason-missing` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not answer */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    restart_instance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `CATALOG` */
                app: string;
                /** @description Instance id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsoleReason"];
            };
        };
        responses: {
            /** @description It is on its way down */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such instance */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-supervised`, `instance-not-controllable` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `reason-missing` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not answer */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable` */
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
    follow_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream without end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Not signed in */
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
    list_logs: {
        parameters: {
            query?: {
                /** @description At most so many, up to 500. */
                limit?: number;
                /** @description The `next` of the page before. */
                before?: number;
                /** @description Only lines with all of these words in the message or an attribute; from three letters on, beginnings of words. */
                q?: string;
                /** @description Only lines at least this serious: `trace`, `debug`, `info`, `warn` or `error`. */
                level?: string;
                /** @description Only lines of this role. */
                service?: string;
                /** @description Only lines of this trace. */
                trace?: string;
                /** @description Not older than this, RFC 3339. */
                since?: string;
                /** @description Older than this, RFC 3339. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleLines"];
                };
            };
            /** @description A filter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    list_patterns: {
        parameters: {
            query?: {
                /** @description At most so many, up to 500. */
                limit?: number;
                /** @description The `next` of the page before. */
                before?: number;
                /** @description Only lines with all of these words in the message or an attribute; from three letters on, beginnings of words. */
                q?: string;
                /** @description Only lines at least this serious: `trace`, `debug`, `info`, `warn` or `error`. */
                level?: string;
                /** @description Only lines of this role. */
                service?: string;
                /** @description Only lines of this trace. */
                trace?: string;
                /** @description Not older than this, RFC 3339. */
                since?: string;
                /** @description Older than this, RFC 3339. */
                until?: string;
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
                    "application/json": components["schemas"]["ConsolePatterns"];
                };
            };
            /** @description A filter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    follow_logs: {
        parameters: {
            query?: {
                /** @description At most so many, up to 500. */
                limit?: number;
                /** @description The `next` of the page before. */
                before?: number;
                /** @description Only lines with all of these words in the message or an attribute; from three letters on, beginnings of words. */
                q?: string;
                /** @description Only lines at least this serious: `trace`, `debug`, `info`, `warn` or `error`. */
                level?: string;
                /** @description Only lines of this role. */
                service?: string;
                /** @description Only lines of this trace. */
                trace?: string;
                /** @description Not older than this, RFC 3339. */
                since?: string;
                /** @description Older than this, RFC 3339. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream without end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A filter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
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
    list_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleMetrics"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    query_metric: {
        parameters: {
            query: {
                /** @description The metric, as the list has it. */
                name: string;
                /** @description Only series with these labels: `role=catalog,http_route=/v1/home`. */
                labels?: string;
                /** @description A line for each value of these labels: `role,http_route`. Without it all series are one line. */
                by?: string;
                /** @description Quantiles of a histogram, above 0 and up to 1, such as `0.5,0.99`, which is what is told without it. */
                quantiles?: string;
                /** @description Seconds a step, 10 at least; without it so many that the graph has about a hundred. */
                step_s?: number;
                /** @description From then on, RFC 3339; an hour ago without it. */
                since?: string;
                /** @description Until then, RFC 3339; without it until everybody was asked last, some ten seconds ago. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleGraph"];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such metric */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    get_overview: {
        parameters: {
            query?: {
                /** @description Draw this role's requests; without it those from outside, which the gateway counts. */
                role?: string;
                /** @description Draw this route's requests, by the name `routes` has; with `role`. */
                route?: string;
                /** @description Seconds a step, 10 at least; without it so many that a graph has about a hundred. */
                step_s?: number;
                /** @description From then on, RFC 3339; a quarter of an hour ago without it. */
                since?: string;
                /** @description Until then, RFC 3339; without it graphs end when everybody was asked last, some ten seconds ago, and tables now. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Graphs and tables */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleOverview"];
                };
            };
            /** @description A parameter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    list_partner_apps: {
        parameters: {
            query?: {
                /** @description How far they have come; those that ask for production unless told. */
                stage?: "sandbox" | "requested" | "production" | "suspended";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody's, the newest first, at most 500 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsolePartnerApps"];
                };
            };
            /** @description No stage of an app */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `partners-away` */
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
    decide_partner_app: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsolePartnerDecision"];
            };
        };
        responses: {
            /** @description The app at its new stage */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsolePartnerApp"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another page */
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
            /** @description `reason-missing` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `partners-away`, `audit-unavailable` */
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
    list_partner_deprecations: {
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
                    "application/json": components["schemas"]["ConsolePartnerDeprecations"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `partners-away` */
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
    list_partner_requests: {
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
                    "application/json": components["schemas"]["ConsolePartnerApps"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `partners-away` */
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
            query?: {
                /** @description At most so many, up to 200. */
                limit?: number;
                /** @description The `next` of the page before. */
                before?: string;
                /** @description Only those that ended so. */
                outcome?: string;
                /** @description Only those that reached this role. */
                role?: string;
                /** @description Only those whose path contains this. */
                path?: string;
                /** @description Only those whose route contains this. */
                route?: string;
                /** @description Only the one with this trace id or request id. */
                id?: string;
                /** @description Only those of this account. */
                account?: string;
                /** @description Only those answered with this status, or a class of them: `404`, `5xx`. */
                status?: string;
                /** @description Only those that took at least so many milliseconds. */
                slower_than_ms?: number;
                /** @description Only those with all of these words in method, path, route, message, ids or account. */
                q?: string;
                /** @description Only those that started then or later, RFC 3339. */
                since?: string;
                /** @description Only those that started before, RFC 3339. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleRequestList"];
                };
            };
            /** @description A filter is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    get_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Trace id or request id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its story */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleStory"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not remembered */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleSession"];
                };
            };
            /** @description Nobody is */
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
                "application/json": components["schemas"]["ConsoleSignIn"];
            };
        };
        responses: {
            /** @description Signed in; the cookie is set */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `operator-token-wrong`, `operator-credentials-wrong` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-an-operator`, or another page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many tries */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `audit-unavailable`, `identity-away` */
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
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Another page */
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
    list_sessions: {
        parameters: {
            query?: {
                /** @description Id of an account; absent: the newest of all. */
                account?: string;
                /** @description Only those in which a device whose name contains this played, in any case. */
                device?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleSessions"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    get_session_story: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the list */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its story */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleSessionStory"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is kept of it */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The archive is away */
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
    get_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fill, readers, records received */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleStatus"];
                };
            };
            /** @description Not signed in */
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
}

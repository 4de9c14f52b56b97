package example.inside;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request: who asks, how much time there is, which trace it belongs to. */
public final class Asked {
    /** Time for a request whose caller set none. */
    private static final long DEADLINE_MS = 10_000;

    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})");
    private static final SecureRandom RANDOM = new SecureRandom();

    public final String subject;
    public final String trace;
    public final String id;
    private final String passport;
    private final String flags;
    private final long endsAt;

    /** @param header the value of a header of the request, null when it has none of the name */
    public Asked(UnaryOperator<String> header, Passports passports) {
        passport = header.apply("bijou-passport");
        subject = passports.check(passport);
        String left = header.apply("bijou-deadline-ms");
        long leftMs = left != null && left.matches("\\d{1,9}") ? Long.parseLong(left) : DEADLINE_MS;
        endsAt = System.nanoTime() + leftMs * 1_000_000;
        String parent = header.apply("traceparent");
        Matcher trace = TRACEPARENT.matcher(parent == null ? "" : parent);
        boolean goesOn = trace.matches();
        this.trace = goesOn ? trace.group(1) : randomHex(16);
        flags = goesOn ? trace.group(2) : "00";
        id = header.apply("x-request-id");
        leftMs();
    }

    /** What is left of the deadline; an answer once that is nothing. */
    public long leftMs() {
        long left = (endsAt - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new Refused(504, "deadline-passed");
        }
        return left;
    }

    /** Takes time, as work does, but none that nobody waits for. */
    public void work(long ms) {
        try {
            Thread.sleep(Math.min(ms, leftMs()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        leftMs();
    }

    /** Headers of a call made because of this request. */
    public Map<String, String> onward() {
        return Map.of(
                "bijou-passport", passport,
                "bijou-deadline-ms", Long.toString(leftMs()),
                "traceparent", "00-%s-%s-%s".formatted(trace, randomHex(8), flags),
                "x-request-id", id == null ? "" : id);
    }

    private static String randomHex(int bytes) {
        byte[] data = new byte[bytes];
        RANDOM.nextBytes(data);
        return HexFormat.of().formatHex(data);
    }
}

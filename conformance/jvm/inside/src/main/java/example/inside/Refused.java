package example.inside;

/** An answer that is not the one asked for, to be worded as problem details (RFC 9457). */
public final class Refused extends RuntimeException {
    public final int status;
    public final String code;

    public Refused(int status, String code) {
        super(code);
        this.status = status;
        this.code = code;
    }

    public String problem() {
        return "{\"type\":\"/problems/%s\",\"status\":%d,\"code\":\"%s\"}".formatted(code, status, code);
    }
}

package example.inside;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.ProtectedHeader;
import io.jsonwebtoken.security.Jwks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Who asks: passports that a gateway signed for this application, checked against the keys the gateways publish.
 *
 * <p>Leaves out services that call on their own account ({@code sub} is {@code service:…}): their keys would be asked of
 * the application of that name in the same way.
 */
public final class Passports {
    private static final String SIGNER = "GATEWAY";
    /** Unknown keys are asked for this often at most: anybody can make one up. */
    private static final Duration ASKED_EVERY = Duration.ofSeconds(1);

    private final String app;
    private final Function<String, List<URI>> instancesOf;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private long askedAt = System.nanoTime() - ASKED_EVERY.toNanos();

    /** @param instancesOf where the instances of an application are, by the registry's client */
    public Passports(String app, Function<String, List<URI>> instancesOf) {
        this.app = app;
        this.instancesOf = instancesOf;
    }

    /** Whom the token speaks for. */
    public String check(String token) {
        if (token == null) {
            throw new Refused(401, "passport-missing");
        }
        try {
            Jws<Claims> passport = Jwts.parser()
                    .keyLocator(header -> key(((ProtectedHeader) header).getKeyId()))
                    .requireIssuer(SIGNER)
                    .requireAudience(app)
                    .clockSkewSeconds(5)
                    .build()
                    .parseSignedClaims(token);
            Claims claims = passport.getPayload();
            boolean isPassport = "passport+jwt".equals(passport.getHeader().getType()) && claims.getExpiration() != null;
            if (isPassport && claims.getSubject() != null && !claims.getSubject().startsWith("service:")) {
                return claims.getSubject();
            }
        } catch (JwtException | IllegalArgumentException | ClassCastException refused) {
            // Below: whatever is wrong with it, the answer is one.
        }
        throw new Refused(401, "passport-refused");
    }

    private synchronized Key key(String kid) {
        if (!keys.containsKey(kid) && System.nanoTime() - askedAt > ASKED_EVERY.toNanos()) {
            askedAt = System.nanoTime();
            instancesOf.apply(SIGNER).forEach(this::learn);
        }
        return keys.get(kid);
    }

    private void learn(URI gateway) {
        var request = HttpRequest.newBuilder(gateway.resolve("/.well-known/passport-keys"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            Jwks.setParser().build().parse(answer.body()).getKeys().forEach(key -> keys.put(key.getId(), key.toKey()));
        } catch (java.io.IOException | JwtException failed) {
            // Another instance may answer; if none does, the passport is not believed.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

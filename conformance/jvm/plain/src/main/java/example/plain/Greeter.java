package example.plain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.netflix.appinfo.InstanceInfo;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import example.inside.Asked;
import example.inside.Passports;
import example.inside.Refused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The greeter in Java without a framework: what {@code conformance/README.md} asks of one, with Netflix's client. */
public final class Greeter {
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    private final int port = server.getAddress().getPort();
    private final Registry registry;
    private final Passports passports;

    private Greeter(Map<String, String> environment) throws IOException {
        String app = environment.get("APP");
        int renewEveryS = Integer.parseInt(environment.getOrDefault("RENEW_EVERY_S", "30"));
        int leaseS = Integer.parseInt(environment.getOrDefault("LEASE_S", "90"));
        registry = new Registry(environment.get("REGISTRY"), app, port, renewEveryS, leaseS);
        passports = new Passports(app, registry::addressesOf);
    }

    public static void main(String[] arguments) throws IOException {
        new Greeter(System.getenv()).run();
    }

    private void run() {
        var workers = Executors.newFixedThreadPool(16);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
        registry.say(InstanceStatus.UP);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            registry.say(InstanceStatus.DOWN);
            // Whoever looked a moment ago still calls; those who poll do so for one more interval at least.
            pause(Duration.ofMillis(500));
            workers.shutdown();
            try {
                workers.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            registry.leave();
            server.stop(0);
        }));
    }

    private void answer(HttpExchange exchange) throws IOException {
        int status = 200;
        String type = "application/json";
        byte[] body;
        try {
            body = json.writeValueAsBytes(handle(exchange));
        } catch (Refused refused) {
            status = refused.status;
            type = "application/problem+json";
            body = refused.problem().getBytes();
        }
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Object handle(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/health")) {
            return Map.of("status", "UP");
        }
        var asked = new Asked(exchange.getRequestHeaders()::getFirst, passports);
        var query = query(exchange.getRequestURI());
        String app = query.get("app");
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "hello" -> hello(asked, Long.parseLong(query.getOrDefault("work_ms", "0")));
            case "call" -> Map.of("language", "java", "called", call(asked, app));
            case "seen" -> Map.of("items", registry.instancesOf(app).stream().map(Greeter::seen).toList());
            default -> throw new Refused(404, "not-found");
        };
    }

    private Object hello(Asked asked, long workMs) {
        asked.work(workMs);
        return Map.of(
                "language", "java",
                "port", port,
                "subject", asked.subject,
                "trace", asked.trace,
                "request_id", asked.id == null ? "" : asked.id,
                "deadline_ms", asked.leftMs());
    }

    private Object call(Asked asked, String app) {
        List<URI> found = registry.addressesOf(app);
        if (found.isEmpty()) {
            throw new Refused(503, "nobody-there");
        }
        URI one = found.get(ThreadLocalRandom.current().nextInt(found.size()));
        var request = HttpRequest.newBuilder(one.resolve("/greetings/" + app.toLowerCase() + "/hello"))
                .timeout(Duration.ofMillis(asked.leftMs()));
        asked.onward().forEach(request::setHeader);
        try {
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200) {
                return json.readTree(answer.body());
            }
        } catch (IOException failed) {
            asked.leftMs();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new Refused(502, "call-failed");
    }

    private static Map<String, Object> seen(InstanceInfo instance) {
        String colour = instance.getMetadata().getOrDefault("colour", "");
        return Map.of("id", instance.getId(), "port", instance.getPort(), "colour", colour);
    }

    private static Map<String, String> query(URI uri) {
        String query = uri.getQuery();
        return query == null
                ? Map.of()
                : Arrays.stream(query.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

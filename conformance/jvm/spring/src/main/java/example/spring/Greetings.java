package example.spring;

import com.netflix.appinfo.InstanceInfo;
import com.netflix.discovery.EurekaClient;
import example.inside.Asked;
import example.inside.Passports;
import example.inside.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@RestController
@RequestMapping("/greetings/{name}")
class Greetings {
    private final Passports passports;
    private final EurekaClient registry;
    private final RestClient.Builder calls;

    Greetings(Passports passports, EurekaClient registry, RestClient.Builder calls) {
        this.passports = passports;
        this.registry = registry;
        this.calls = calls;
    }

    /** Every request has to have a passport and time before a method below sees it. */
    @ModelAttribute
    Asked asked(HttpServletRequest request) {
        return new Asked(request::getHeader, passports);
    }

    @GetMapping("hello")
    Map<String, Object> hello(Asked asked, HttpServletRequest request, @RequestParam(defaultValue = "0") long work_ms) {
        asked.work(work_ms);
        return Map.of(
                "language", "spring",
                "port", request.getLocalPort(),
                "subject", asked.subject,
                "trace", asked.trace,
                "request_id", asked.id == null ? "" : asked.id,
                "deadline_ms", asked.leftMs());
    }

    @GetMapping("call")
    Map<String, Object> call(Asked asked, @RequestParam String app) {
        var transport = new SimpleClientHttpRequestFactory();
        transport.setConnectTimeout((int) asked.leftMs());
        transport.setReadTimeout((int) asked.leftMs());
        try {
            Object called = calls.clone()
                    .requestFactory(transport)
                    .build()
                    .get()
                    .uri("http://{app}/greetings/{name}/hello", app, app.toLowerCase())
                    .headers(headers -> asked.onward().forEach(headers::set))
                    .retrieve()
                    .body(Map.class);
            return Map.of("language", "spring", "called", called);
        } catch (RestClientException failed) {
            asked.leftMs();
            throw new Refused(502, "call-failed");
        } catch (IllegalStateException nobody) {
            throw new Refused(503, "nobody-there");
        }
    }

    @GetMapping("seen")
    Map<String, Object> seen(Asked asked, @RequestParam String app) {
        var found = registry.getApplication(app);
        List<InstanceInfo> instances = found == null ? List.of() : found.getInstances();
        return Map.of("items", instances.stream().map(Greetings::seen).toList());
    }

    private static Map<String, Object> seen(InstanceInfo instance) {
        String colour = instance.getMetadata().getOrDefault("colour", "");
        return Map.of("id", instance.getId(), "port", instance.getPort(), "colour", colour);
    }

    @ExceptionHandler
    ResponseEntity<String> refuse(Refused refused) {
        return ResponseEntity.status(refused.status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(refused.problem());
    }
}

package example.spring;

import com.netflix.appinfo.ApplicationInfoManager;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import example.inside.Passports;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.client.RestClient;

/** The greeter in Spring Boot: what {@code conformance/README.md} asks of one, with Spring Cloud's Eureka client. */
@SpringBootApplication
public class Greeter {
    private final ApplicationInfoManager own;

    Greeter(ApplicationInfoManager own) {
        this.own = own;
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Greeter.class, arguments);
    }

    @Bean
    static Passports passports(@Value("${spring.application.name}") String app, DiscoveryClient registry) {
        return new Passports(app, name -> registry.getInstances(name).stream().map(ServiceInstance::getUri).toList());
    }

    @Bean
    @LoadBalanced
    static RestClient.Builder calls() {
        return RestClient.builder();
    }

    /** Before anything is stopped: Spring itself deregisters only after it has closed its port. */
    @EventListener(ContextClosedEvent.class)
    void drain() throws InterruptedException {
        own.setInstanceStatus(InstanceStatus.DOWN);
        // Whoever looked a moment ago still calls; those who poll do so for one more interval at least.
        Thread.sleep(500);
    }
}

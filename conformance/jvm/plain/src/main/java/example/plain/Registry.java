package example.plain;

import com.netflix.appinfo.ApplicationInfoManager;
import com.netflix.appinfo.InstanceInfo;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import com.netflix.appinfo.MyDataCenterInstanceConfig;
import com.netflix.appinfo.providers.EurekaConfigBasedInstanceInfoProvider;
import com.netflix.config.ConfigurationManager;
import com.netflix.discovery.DefaultEurekaClientConfig;
import com.netflix.discovery.DiscoveryClient;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Netflix's client, configured as it documents: properties, then an instance's information, then the client. */
final class Registry {
    private final ApplicationInfoManager own;
    private final DiscoveryClient client;

    Registry(String url, String app, int port, int renewEveryS, int leaseS) {
        var configuration = ConfigurationManager.getConfigInstance();
        Map<String, Object> properties = Map.ofEntries(
                Map.entry("eureka.name", app),
                Map.entry("eureka.instanceId", "127.0.0.1:" + app.toLowerCase() + ":" + port),
                Map.entry("eureka.port", port),
                Map.entry("eureka.vipAddress", app.toLowerCase()),
                Map.entry("eureka.metadata.language", "java"),
                Map.entry("eureka.metadata.colour", "blue & green"),
                Map.entry("eureka.lease.renewalInterval", renewEveryS),
                Map.entry("eureka.lease.duration", leaseS),
                Map.entry("eureka.client.refresh.interval", renewEveryS),
                Map.entry("eureka.appinfo.replicate.interval", renewEveryS),
                Map.entry("eureka.shouldUseDns", false),
                Map.entry("eureka.serviceUrl.default", url));
        properties.forEach(configuration::setProperty);
        var config = new MyDataCenterInstanceConfig() {
            @Override
            public String getHostName(boolean refresh) {
                return "127.0.0.1";
            }

            @Override
            public String getIpAddress() {
                return "127.0.0.1";
            }
        };
        own = new ApplicationInfoManager(config, new EurekaConfigBasedInstanceInfoProvider(config).get());
        client = new DiscoveryClient(own, new DefaultEurekaClientConfig());
    }

    void say(InstanceStatus status) {
        own.setInstanceStatus(status);
    }

    List<InstanceInfo> instancesOf(String app) {
        var found = client.getApplication(app);
        return found == null ? List.of() : found.getInstances();
    }

    List<URI> addressesOf(String app) {
        return instancesOf(app).stream().map(it -> URI.create("http://" + it.getIPAddr() + ":" + it.getPort())).toList();
    }

    /** Deregisters, and stops renewing. */
    void leave() {
        client.shutdown();
    }
}

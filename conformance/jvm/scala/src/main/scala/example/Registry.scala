package example

import com.netflix.appinfo.InstanceInfo.InstanceStatus
import com.netflix.appinfo.providers.EurekaConfigBasedInstanceInfoProvider
import com.netflix.appinfo.{ApplicationInfoManager, InstanceInfo, MyDataCenterInstanceConfig}
import com.netflix.config.ConfigurationManager
import com.netflix.discovery.shared.transport.jersey3.Jersey3TransportClientFactories
import com.netflix.discovery.{DefaultEurekaClientConfig, DiscoveryClient}

import java.net.URI
import scala.jdk.CollectionConverters.*

/** Netflix's client: properties, then an instance's information, then the client. */
final class Registry(url: String, app: String, port: Int, renewEveryS: Int, leaseS: Int):
  private val properties = Map[String, Any](
    "eureka.name" -> app,
    "eureka.instanceId" -> s"127.0.0.1:${app.toLowerCase}:$port",
    "eureka.port" -> port,
    "eureka.vipAddress" -> app.toLowerCase,
    "eureka.metadata.language" -> "scala",
    "eureka.metadata.colour" -> "blue & green",
    "eureka.lease.renewalInterval" -> renewEveryS,
    "eureka.lease.duration" -> leaseS,
    "eureka.client.refresh.interval" -> renewEveryS,
    "eureka.appinfo.replicate.interval" -> renewEveryS,
    "eureka.shouldUseDns" -> false,
    "eureka.serviceUrl.default" -> url
  )
  properties.foreach((name, value) => ConfigurationManager.getConfigInstance.setProperty(name, value))

  private object config extends MyDataCenterInstanceConfig:
    override def getHostName(refresh: Boolean): String = "127.0.0.1"
    override def getIpAddress: String = "127.0.0.1"

  private val own = ApplicationInfoManager(config, EurekaConfigBasedInstanceInfoProvider(config).get)
  private val client =
    DiscoveryClient(own, DefaultEurekaClientConfig(), Jersey3TransportClientFactories.getInstance)

  def say(status: InstanceStatus): Unit = own.setInstanceStatus(status)

  def instancesOf(app: String): Seq[InstanceInfo] =
    Option(client.getApplication(app)).toSeq.flatMap(_.getInstances.asScala)

  def addressesOf(app: String): Seq[URI] =
    instancesOf(app).map(it => URI.create(s"http://${it.getIPAddr}:${it.getPort}"))

  /** Deregisters, and stops renewing. */
  def leave(): Unit = client.shutdown()

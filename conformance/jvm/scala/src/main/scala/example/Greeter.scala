package example

import com.fasterxml.jackson.databind.ObjectMapper
import com.netflix.appinfo.InstanceInfo
import com.netflix.appinfo.InstanceInfo.InstanceStatus
import com.sun.net.httpserver.{HttpExchange, HttpServer}
import example.inside.{Asked, Passports, Refused}

import java.net.http.HttpResponse.BodyHandlers
import java.net.http.{HttpClient, HttpRequest}
import java.net.{InetSocketAddress, URI}
import java.time.Duration
import java.util.concurrent.{Executors, TimeUnit}
import scala.jdk.CollectionConverters.*
import scala.util.Random

/** The greeter in Scala: what `conformance/README.md` asks of one, with Netflix's client of today (Jersey 3). */
final class Greeter(server: HttpServer, registry: Registry, passports: Passports):
  private val json = ObjectMapper()
  private val http = HttpClient.newHttpClient()
  private val port = server.getAddress.getPort

  def run(): Unit =
    val workers = Executors.newFixedThreadPool(16)
    server.setExecutor(workers)
    server.createContext("/", exchange => answer(exchange))
    server.start()
    registry.say(InstanceStatus.UP)
    sys.addShutdownHook:
      registry.say(InstanceStatus.DOWN)
      // Whoever looked a moment ago still calls; those who poll do so for one more interval at least.
      Thread.sleep(500)
      workers.shutdown()
      workers.awaitTermination(10, TimeUnit.SECONDS)
      registry.leave()
      server.stop(0)

  private def answer(exchange: HttpExchange): Unit =
    val (status, kind, body) =
      try (200, "application/json", json.writeValueAsBytes(handle(exchange)))
      catch case refused: Refused => (refused.status, "application/problem+json", refused.problem.getBytes)
    exchange.getResponseHeaders.set("content-type", kind)
    exchange.sendResponseHeaders(status, body.length)
    exchange.getResponseBody.write(body)
    exchange.close()

  private def handle(exchange: HttpExchange): Any =
    val uri = exchange.getRequestURI
    if uri.getPath == "/health" then Map("status" -> "UP").asJava
    else
      val asked = Asked(exchange.getRequestHeaders.getFirst(_), passports)
      val query = parameters(uri)
      uri.getPath.split('/').last match
        case "hello" => hello(asked, query.get("work_ms").fold(0L)(_.toLong))
        case "call"  => Map("language" -> "scala", "called" -> call(asked, query("app"))).asJava
        case "seen"  => Map("items" -> registry.instancesOf(query("app")).map(seen).asJava).asJava
        case _       => throw Refused(404, "not-found")

  private def hello(asked: Asked, workMs: Long) =
    asked.work(workMs)
    Map(
      "language" -> "scala",
      "port" -> port,
      "subject" -> asked.subject,
      "trace" -> asked.trace,
      "request_id" -> asked.id,
      "deadline_ms" -> asked.leftMs
    ).asJava

  private def call(asked: Asked, app: String): Any =
    val found = registry.addressesOf(app)
    if found.isEmpty then throw Refused(503, "nobody-there")
    val one = found(Random.nextInt(found.size))
    val request = HttpRequest
      .newBuilder(one.resolve(s"/greetings/${app.toLowerCase}/hello"))
      .timeout(Duration.ofMillis(asked.leftMs))
    asked.onward.forEach((name, value) => request.setHeader(name, value))
    try
      val answer = http.send(request.build(), BodyHandlers.ofByteArray())
      if answer.statusCode != 200 then throw Refused(502, "call-failed")
      json.readTree(answer.body)
    catch
      case _: java.io.IOException =>
        asked.leftMs
        throw Refused(502, "call-failed")

  private def seen(instance: InstanceInfo) =
    val colour = instance.getMetadata.getOrDefault("colour", "")
    Map("id" -> instance.getId, "port" -> instance.getPort, "colour" -> colour).asJava

  private def parameters(uri: URI): Map[String, String] =
    val pairs = Option(uri.getQuery).toSeq.flatMap(_.split('&')).map(_.split("=", 2))
    pairs.collect { case Array(name, value) => name -> value }.toMap

@main def greeter(): Unit =
  val app = sys.env("APP")
  val server = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
  val registry = Registry(
    url = sys.env("REGISTRY"),
    app = app,
    port = server.getAddress.getPort,
    renewEveryS = sys.env.get("RENEW_EVERY_S").fold(30)(_.toInt),
    leaseS = sys.env.get("LEASE_S").fold(90)(_.toInt)
  )
  Greeter(server, registry, Passports(app, name => registry.addressesOf(name).asJava)).run()

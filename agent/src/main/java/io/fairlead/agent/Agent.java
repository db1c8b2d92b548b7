package io.fairlead.agent;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.config.ConfigurationWatch;
import io.fairlead.agent.health.HealthReply;
import io.fairlead.agent.health.NodeEligibility;
import io.fairlead.agent.kube.KubeSource;
import io.fairlead.agent.log.LogRing;
import io.fairlead.agent.log.LogSetup;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.manifest.ManifestSource;
import io.fairlead.agent.metrics.AgentMetrics;
import io.fairlead.agent.metrics.ConntrackUsage;
import io.fairlead.agent.metrics.ProcessMemory;
import io.fairlead.agent.node.FileReason;
import io.fairlead.agent.node.StateLock;
import io.fairlead.agent.server.EndpointStatus;
import io.fairlead.agent.server.EventLoops;
import io.fairlead.agent.server.HttpListener;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.RouteTable;
import io.fairlead.agent.server.ServerException;
import io.fairlead.agent.server.StatusReport;
import io.fairlead.agent.server.ThreadDump;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.SourceException;
import io.fairlead.agent.verify.Simulator;
import io.fairlead.agent.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: a running agent. {@link #start} builds it from a configuration, {@link
 * #close} stops it and leaves the kernel's state in place.
 */
public final class Agent implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /**
   * Between audits of the whole kernel state; drift that the kernel announces is mended at once.
   */
  private static final Duration AUDIT_PERIOD = Duration.ofMinutes(5);

  private final long startedAt = System.nanoTime();
  private final Instant startedOn = Instant.now();
  private final ClusterSource source;
  private final NodeEligibility eligibility;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private volatile AgentConfiguration configuration;
  private volatile @Nullable ReconcileLoop loop;
  private @Nullable HttpListener metricsListener;

  private final HeapTrim heapTrim = HeapTrim.ofProcess();

  /** Used by the reconciling thread only. */
  private boolean ready;

  private final List<EndpointReport> endpointReports = new CopyOnWriteArrayList<>();
  private final List<ReadyFollower> readyFollowers = new CopyOnWriteArrayList<>();
  private final List<ProblemReport> problemReports = new CopyOnWriteArrayList<>();
  private final RouteTable adminRoutes = new RouteTable();
  private volatile boolean stopping;

  private Agent(AgentConfiguration configuration, ClusterSource source) {
    this.configuration = configuration;
    this.source = source;
    this.eligibility = new NodeEligibility(configuration.nodeName());
  }

  /**
   * Starts an agent and returns once it listens; it is ready when {@link #isHealthy} says so.
   *
   * @param reader where the configuration came from; its file, if any, is watched
   * @throws AgentException if something that the agent needs is missing
   */
  public static Agent start(
      AgentConfiguration configuration, ConfigurationReader reader, SubsystemFactory subsystems)
      throws AgentException {
    Agent agent = new Agent(configuration, open(configuration));
    try {
      agent.run(reader, subsystems);
      return agent;
    } catch (SourceException | ServerException e) {
      agent.close();
      throw new AgentException(String.valueOf(e.getMessage()), e);
    } catch (AgentException e) {
      agent.close();
      throw e;
    }
  }

  private static ClusterSource open(AgentConfiguration configuration) throws AgentException {
    Path manifests = configuration.manifests();
    if (manifests != null) {
      return new ManifestSource(
          manifests, configuration.nodeName(), configuration.stateDirectory().resolve("manifests"));
    }
    try {
      return KubeSource.open(
          configuration.kubeconfig(), configuration.nodeName(), configuration.policies().enabled());
    } catch (SourceException e) {
      throw new AgentException(String.valueOf(e.getMessage()), e);
    }
  }

  private void run(ConfigurationReader reader, SubsystemFactory factory)
      throws AgentException, SourceException, ServerException {
    opened.push(source);
    opened.push(heapTrim);
    takeStateDirectory();
    EventLoops eventLoops = new EventLoops();
    opened.push(eventLoops);
    Path adminSocket = configuration.adminSocket();
    // First, since it is what tells whether another agent runs here.
    opened.push(
        HttpListener.unix(
            eventLoops,
            adminSocket,
            adminRoutes.add(
                Map.of(
                    "/status",
                    Route.of(this::statusReply),
                    "/log",
                    Route.of(() -> Reply.text(200, LogRing.ofProcess().text())),
                    "/threads",
                    Route.of(() -> Reply.text(200, ThreadDump.text()))))));
    AgentMetrics metrics =
        new AgentMetrics(
            Version.current(),
            () -> loop().status(),
            () -> loop().queue(),
            () -> source.skipped().size());
    ConntrackUsage.register(metrics.registry());
    ReconcileLoop running =
        new ReconcileLoop(
            AUDIT_PERIOD.toNanos(),
            System::nanoTime,
            new SplittableRandom(),
            (keys, nanoseconds, complete) -> {
              metrics.round(keys, nanoseconds);
              if (complete) {
                sayReady();
              }
            });
    loop = running;
    // Until the last subsystem is closed it tells that this agent is not ready.
    opened.push(this::closeMetricsListener);
    List<Subsystem> subsystems =
        factory.create(
            new SubsystemFactory.Context(
                configuration,
                source,
                running,
                metrics.registry(),
                eventLoops,
                adminRoutes,
                () -> notReady().isEmpty()));
    for (Subsystem subsystem : subsystems) {
      if (subsystem instanceof EndpointReport report) {
        endpointReports.add(report);
      }
      if (subsystem instanceof AdminRoutes more) {
        adminRoutes.add(more.adminRoutes());
      }
      if (subsystem instanceof ReadyFollower follower) {
        readyFollowers.add(follower);
      }
      if (subsystem instanceof ProblemReport report) {
        problemReports.add(report);
      }
      if (subsystem instanceof AutoCloseable closeable) {
        opened.push(closeable);
      }
    }
    adminRoutes.add(new Verifier(running, subsystems).adminRoutes());
    adminRoutes.add(new Simulator(running, subsystems).adminRoutes());
    adminRoutes.add(
        Map.of(
            "/metrics",
            Route.of(() -> new Reply(200, AgentMetrics.CONTENT_TYPE, metrics.exposition()))));
    adminRoutes.complete();
    running.drive(subsystems);
    opened.push(running);
    HttpListener listener =
        HttpListener.tcp(eventLoops, configuration.metricsAddress(), routes(metrics));
    metricsListener = listener;
    running.start();
    source.start(change -> {
      eligibility.accept(change);
      running.accept(change);
    });
    watchConfiguration(reader);
    LOG.atInfo()
        .addKeyValue("version", Version.current())
        .addKeyValue("node", configuration.nodeName())
        .addKeyValue("source", source.status().origin())
        .addKeyValue("metricsPort", listener.port())
        .addKeyValue("subsystems", subsystems.stream().map(Subsystem::name).toList())
        .log("The agent runs");
  }

  /** Once: how long after the process began the kernel was as the cluster wants it. */
  private void sayReady() {
    if (ready) {
      return;
    }
    ready = true;
    heapTrim.start();
    readyFollowers.forEach(ReadyFollower::ready);
    long milliseconds =
        ProcessHandle.current()
            .info()
            .startInstant()
            .map(start -> Duration.between(start, Instant.now()).toMillis())
            .orElse(-1L);
    LOG.atInfo()
        .addKeyValue("milliseconds", milliseconds)
        .addKeyValue("residentMebibytes", ProcessMemory.residentBytes() >> 20)
        .log("The agent is in sync");
  }

  private void takeStateDirectory() throws AgentException {
    Path directory = configuration.stateDirectory();
    try {
      Files.createDirectories(directory);
      Optional<StateLock> lock = StateLock.take(directory);
      if (lock.isEmpty()) {
        throw new AgentException(
            "Another fairlead agent uses the state folder "
                + directory
                + ". Stop it; one agent serves a node",
            null);
      }
      opened.push(lock.get());
    } catch (IOException e) {
      throw new AgentException(
          "The state folder "
              + directory
              + " cannot be used: "
              + FileReason.of(e)
              + ". Check the rights and the free space, or choose another --state-dir",
          e);
    }
  }

  private Map<String, Supplier<Reply>> routes(AgentMetrics metrics) {
    return Map.of(
        "/metrics",
        () -> new Reply(200, AgentMetrics.CONTENT_TYPE, metrics.exposition()),
        "/healthz",
        () -> counted(metrics, "/healthz", health(notReady(), eligibility.isEligible())),
        "/livez",
        () ->
            counted(
                metrics, "/livez", health(Health.alive(loop().status(), loop().isAlive()), null)));
  }

  private static Reply counted(AgentMetrics metrics, String path, Reply reply) {
    metrics.healthRequest(path, reply.status());
    return reply;
  }

  private void closeMetricsListener() {
    HttpListener listener = metricsListener;
    if (listener != null) {
      listener.close();
    }
  }

  private List<String> notReady() {
    if (stopping) {
      return List.of("The agent is stopping");
    }
    return Health.notReady(source.status(), loop().status(), loop().isAlive());
  }

  private Reply health(List<String> problems, @Nullable Boolean eligible) {
    Instant now = Instant.now();
    long age = loop().status().millisecondsSinceSync();
    Instant lastSync = age < 0 ? startedOn : now.minusMillis(age);
    return HealthReply.of(problems, eligible, lastSync, now).reply();
  }

  private void watchConfiguration(ConfigurationReader reader) throws AgentException {
    if (reader.file() == null) {
      return;
    }
    try {
      opened.push(ConfigurationWatch.start(reader, configuration, this::reconfigure));
    } catch (IOException e) {
      throw new AgentException(
          "The folder of the configuration file "
              + reader.file()
              + " cannot be watched: "
              + e.getMessage()
              + ". Check its rights, and fs.inotify.max_user_instances",
          e);
    }
  }

  private void reconfigure(AgentConfiguration next) {
    LogSetup.level(next.logLevel());
    LOG.atInfo()
        .addKeyValue("overlay", next.overlay().spelling())
        .addKeyValue("proxyMode", next.proxyMode().spelling())
        .addKeyValue("logLevel", next.logLevel().spelling())
        .log("The configuration changed");
    configuration = next;
    loop().reconfigure(next);
  }

  private ReconcileLoop loop() {
    return Objects.requireNonNull(loop, "the loop exists before anything asks for it");
  }

  private Reply statusReply() {
    return loop == null ? Reply.text(503, "The agent is starting.") : status().reply();
  }

  private List<String> problems() {
    List<String> problems =
        new ArrayList<>(Health.problems(source.status(), loop().status(), loop().isAlive()));
    problemReports.forEach(report -> problems.addAll(report.problems()));
    return problems;
  }

  /** Whether everything that exists has been read and applied. */
  public boolean isHealthy() {
    return problems().isEmpty();
  }

  /** The port that metrics and health are served on. */
  public int metricsPort() {
    return Objects.requireNonNull(metricsListener).port();
  }

  /** What the admin socket answers, in order. */
  Set<String> adminPaths() {
    return adminRoutes.paths();
  }

  public StatusReport status() {
    return new StatusReport(
        Version.current(),
        configuration.nodeName(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt),
        configuration.overlay().spelling(),
        configuration.proxyMode().spelling(),
        problems(),
        source.status(),
        loop().status(),
        loop().queue(),
        source.skipped(),
        endpoints(),
        ProcessMemory.residentBytes());
  }

  private List<EndpointStatus> endpoints() {
    List<EndpointStatus> endpoints = new ArrayList<>();
    for (EndpointReport report : endpointReports) {
      try {
        report.endpoints(counters -> endpoints.add(EndpointStatus.of(counters)));
      } catch (IOException e) {
        LOG.warn("The endpoints' counters cannot be read: {}", e.getMessage());
      }
    }
    endpoints.sort(
        Comparator.comparingLong(EndpointStatus::bytesPerSecond)
            .thenComparingLong(EndpointStatus::connections)
            .reversed());
    return endpoints;
  }

  /**
   * Stops everything, last opened first, except that /healthz is 503 at once and until the end.
   * What is in the kernel stays there and keeps working.
   */
  @Override
  public void close() {
    stopping = true;
    while (!opened.isEmpty()) {
      AutoCloseable next = opened.pop();
      try {
        next.close();
      } catch (Exception e) {
        LOG.warn("Stopping {} failed: {}", next.getClass().getSimpleName(), e.getMessage());
      }
    }
  }
}

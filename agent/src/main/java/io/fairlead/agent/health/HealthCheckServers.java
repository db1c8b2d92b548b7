package io.fairlead.agent.health;

import io.fairlead.agent.server.EventLoops;
import io.fairlead.agent.server.HttpListener;
import io.fairlead.agent.server.Reply;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.HealthCheck;
import java.io.IOException;
import java.net.BindException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers on the Services' health check node ports, one each, on all of the node's addresses. A
 * port that cannot be listened on is reported and tried again for as long as it is wanted. {@link
 * #update} may be called from any thread and returns at once: ports are opened and closed on a
 * thread of their own, which exists once there is a port.
 */
public final class HealthCheckServers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HealthCheckServers.class);
  private static final long FIRST_DELAY_MILLISECONDS = 250;
  private static final long LONGEST_DELAY_MILLISECONDS = 30_000;

  /** kube-proxy's reason of the same event. */
  static final String REASON = "FailedToStartServiceHealthcheck";

  /** Tells whoever looks at the Service. */
  @FunctionalInterface
  public interface Reporter {
    void report(ObjectKey service, String reason, String sentence);
  }

  /** How many ports are served, and how many wait for being free. */
  public record States(int listening, int failed) {}

  private record Open(int port, HttpListener listener) {}

  private final EventLoops loops;
  private final String nodeName;
  private final BooleanSupplier proxyHealthy;
  private final Reporter reporter;
  private final Map<ObjectKey, HealthCheck> wanted = new ConcurrentHashMap<>();
  private final Map<ObjectKey, String> problems = new ConcurrentHashMap<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("health-ports").factory());

  /** By the executor's thread only, until it has ended. */
  private final Map<ObjectKey, Open> open = new HashMap<>();

  private long delay = FIRST_DELAY_MILLISECONDS;
  private boolean retryScheduled;
  private volatile int listening;

  /**
   * @param proxyHealthy asked at each request; must be quick
   */
  public HealthCheckServers(
      EventLoops loops, String nodeName, BooleanSupplier proxyHealthy, Reporter reporter) {
    this.loops = loops;
    this.nodeName = nodeName;
    this.proxyHealthy = proxyHealthy;
    this.reporter = reporter;
  }

  /**
   * Takes over what load balancers are to be told of a Service.
   *
   * @param check null if nobody asks, or the Service is gone
   */
  public void update(ObjectKey service, @Nullable HealthCheck check) {
    HealthCheck before = check == null ? wanted.remove(service) : wanted.put(service, check);
    if (port(before) != port(check)) {
      settleSoon(Set.of(service));
    }
  }

  private static int port(@Nullable HealthCheck check) {
    return check == null ? 0 : check.port();
  }

  /** Ports that cannot be listened on, as sentences in the order of their Services. */
  public List<String> problems() {
    return List.copyOf(new TreeMap<>(problems).values());
  }

  public States states() {
    return new States(listening, problems.size());
  }

  private void settleSoon(Set<ObjectKey> services) {
    try {
      executor.execute(() -> settle(services));
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed; health check node ports are left as they are");
    }
  }

  private void settle(Set<ObjectKey> services) {
    boolean freed = false;
    for (ObjectKey service : services) {
      freed |= closeIfUnwanted(service);
    }
    Set<ObjectKey> missing = new HashSet<>(services);
    if (freed) {
      missing.addAll(problems.keySet());
    }
    missing.forEach(this::openIfWanted);
    listening = open.size();
    retryLater();
  }

  private boolean closeIfUnwanted(ObjectKey service) {
    HealthCheck want = wanted.get(service);
    Open opened = open.get(service);
    if (want == null) {
      problems.remove(service);
    }
    if (opened == null || (want != null && want.port() == opened.port())) {
      return false;
    }
    open.remove(service);
    opened.listener().close();
    return true;
  }

  private void openIfWanted(ObjectKey service) {
    HealthCheck want = wanted.get(service);
    if (want == null || open.containsKey(service)) {
      return;
    }
    try {
      HttpListener listener =
          HttpListener.everywhere(loops, want.port(), () -> answer(service, want.port()));
      open.put(service, new Open(want.port(), listener));
      problems.remove(service);
    } catch (IOException | RuntimeException e) {
      failed(service, want.port(), e);
    }
  }

  private void failed(ObjectKey service, int port, Exception cause) {
    String sentence =
        "Health check node port "
            + port
            + " of Service "
            + service
            + " cannot be listened on at node "
            + nodeName
            + ": "
            + reason(port, cause)
            + ". Free it, or give the Service another healthCheckNodePort";
    if (!sentence.equals(problems.put(service, sentence))) {
      LOG.warn("{}", sentence);
      reporter.report(service, REASON, sentence);
    }
  }

  private String reason(int port, Exception cause) {
    if (!(cause instanceof BindException)) {
      return String.valueOf(cause.getMessage());
    }
    for (Map.Entry<ObjectKey, Open> other : open.entrySet()) {
      if (other.getValue().port() == port) {
        return "Service " + other.getKey() + " has it";
      }
    }
    return "another program has it (" + cause.getMessage() + ")";
  }

  private void retryLater() {
    if (problems.isEmpty()) {
      delay = FIRST_DELAY_MILLISECONDS;
    } else if (!retryScheduled) {
      retryScheduled = true;
      var unusedRetry =
          executor.schedule(
              () -> {
                retryScheduled = false;
                settle(Set.copyOf(problems.keySet()));
              },
              delay,
              TimeUnit.MILLISECONDS);
      delay = Math.min(2 * delay, LONGEST_DELAY_MILLISECONDS);
    }
  }

  /** A connection may outlive the port that it came to. */
  private Reply answer(ObjectKey service, int port) {
    HealthCheck now = wanted.get(service);
    int endpoints = now == null || now.port() != port ? 0 : now.localEndpoints();
    return ServiceHealthReply.of(service, endpoints, proxyHealthy.getAsBoolean());
  }

  /** Closes all ports. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (executor.awaitTermination(2, TimeUnit.SECONDS)) {
        open.values().forEach(opened -> opened.listener().close());
        open.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

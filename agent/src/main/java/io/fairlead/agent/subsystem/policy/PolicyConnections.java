package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.loop.OnLoop;
import io.fairlead.agent.metrics.PolicyMetrics;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.policy.conntrack.AddressFlush;
import io.fairlead.dataplane.policy.conntrack.ConnectionCuts;
import io.fairlead.dataplane.policy.conntrack.CutAnswers;
import io.fairlead.dataplane.policy.conntrack.CutReport;
import io.fairlead.dataplane.policy.conntrack.LocalFlows;
import io.fairlead.dataplane.policy.conntrack.NotEnforcedException;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that the kernel knows: what a committed change denies is made an end of, and what was
 * another pod's is forgotten. Thread-safe.
 */
final class PolicyConnections implements FormerConnections, EnforcementFollower {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyConnections.class);

  private final AddressFlush flush;
  private final ConnectionCuts cuts;
  private final ExecutorService beginning =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("former-connections").factory());

  private PolicyConnections(AddressFlush flush, ConnectionCuts cuts) {
    this.flush = flush;
    this.cuts = cuts;
  }

  /**
   * Opens sockets in the calling thread's network namespace.
   *
   * @param loop of the thread that owns {@code enforcement} and {@code backend}
   * @throws IOException if the kernel tracks no connections
   */
  static PolicyConnections open(
      Enforcement enforcement, OnLoop loop, PolicyBackend backend, PolicyMetrics metrics)
      throws IOException {
    AddressFlush flush = AddressFlush.open(PolicyConnections::notYet);
    try {
      LocalFlows judge = new LocalFlows(enforcement);
      return new PolicyConnections(
          flush,
          ConnectionCuts.open(
              flows -> loop.ask(() -> judge.denied(flows)),
              new Answers(loop, backend),
              new Report(metrics)));
    } catch (IOException e) {
      flush.close();
      throw e;
    }
  }

  @Override
  public void enforced(EnforcementChange change) {
    cuts.judgeAgain(change.narrowed());
    cuts.judgeAgain(change.departed());
    cuts.allowAgain();
  }

  @Override
  public void shutIn(List<Cidr> networks, Set<IpAddress> held) {
    beginning.execute(() -> {
      try {
        flush.begin(networks, held);
      } catch (IOException e) {
        notYet(e);
      }
    });
  }

  private static void notYet(IOException cause) {
    LOG.warn(
        "Connections of former pods are left until their addresses have a new owner: {}",
        cause.getMessage());
  }

  @Override
  public void occupy(Collection<IpAddress> addresses) throws IOException {
    flush.occupy(addresses);
  }

  @Override
  public void release(Collection<IpAddress> addresses) {
    flush.release(addresses);
  }

  @Override
  public void close() {
    cuts.close();
    beginning.shutdownNow();
    beginning.close();
    flush.close();
  }

  /** Has the reconciling thread do it, whose table it is. */
  private record Answers(OnLoop loop, PolicyBackend backend) implements CutAnswers {

    @Override
    public void refuse(Collection<ConntrackTuple> answers) throws IOException {
      if (!loop.await(() -> backend.refuse(answers))) {
        throw new NotEnforcedException();
      }
    }

    @Override
    public Set<ConntrackTuple> refused() throws IOException {
      return loop.await(backend::refused);
    }

    @Override
    public void pass(Collection<ConntrackTuple> answers) throws IOException {
      loop.await(() -> {
        backend.pass(answers);
        return true;
      });
    }
  }

  /** Counts and logs what becomes of connections. For the thread that cuts. */
  private static final class Report implements ConnectionCuts.Listener {

    private final PolicyMetrics metrics;
    private @Nullable String problem;

    Report(PolicyMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void passed(CutReport report) {
      metrics.cut(report.cut(), report.nanoseconds() / 1e9);
      if (problem != null) {
        problem = null;
        LOG.info("Connections that policies deny are ended again");
      }
      LOG.atDebug()
          .addKeyValue("addresses", report.addresses())
          .addKeyValue("judged", report.judged())
          .addKeyValue("cut", report.cut())
          .log("Connections were judged again");
    }

    @Override
    public void failed(IOException cause) {
      metrics.cutFailed();
      String sentence = String.valueOf(cause.getMessage());
      if (!sentence.equals(problem)) {
        problem = sentence;
        LOG.warn(
            "Connections that policies deny go on for the moment, and are tried again: {}",
            sentence);
      }
    }
  }
}

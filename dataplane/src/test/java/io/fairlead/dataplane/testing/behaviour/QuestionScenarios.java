package io.fairlead.dataplane.testing.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Two questions that leave one UDP socket at the same instant, as resolvers ask for A and AAAA.
 * Both are a connection's first packet, may be given different endpoints, and collide when they are
 * entered into the table of connections.
 */
abstract class QuestionScenarios extends BackendLab {

  /** Enough that some collide even if processors are busy otherwise; on one, none ever do. */
  private static final int PAIRS = Runtime.getRuntime().availableProcessors() > 1 ? 1_500 : 50;

  /** A client and the path that it takes: translated once, or masqueraded besides. */
  private record Asker(Host client, Path path) {}

  private static final List<Asker> ASKERS =
      List.of(
          new Asker(Host.LOCAL_CLIENT, Path.CLUSTER_IP),
          new Asker(Host.LOCAL_BOTH, Path.CLUSTER_IP),
          new Asker(Host.REMOTE_CLIENT, Path.NODE_PORT),
          new Asker(Host.OUTSIDE, Path.LOAD_BALANCER));

  @Test
  @DisplayName("two questions from one UDP socket at once are both answered (faults 35)")
  void parallelQuestions() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.BOTH);
    commit(service);
    for (AddressFamily family : AddressFamily.values()) {
      for (Asker asker : ASKERS) {
        ParallelQuestions questions =
            new ParallelQuestions(
                lab().namespace(asker.client()),
                service.address(asker.path(), family),
                service.port(asker.path()));
        // Whoever is asked first finds neighbours; that is not what is tried out here.
        ask(asker.client(), service, asker.path(), family, Protocol.UDP);
        ConntrackCounts before = ConntrackCounts.of(node());
        int answers = questions.ask(PAIRS);
        ConntrackCounts met = ConntrackCounts.of(node()).since(before);
        System.out.printf(
            "%s: %s asks %s %s: %,d of %,d answered; collisions resolved: %d, not: %d%n",
            name(),
            asker.client(),
            family,
            asker.path(),
            answers,
            2 * PAIRS,
            met.resolved(),
            met.failed());
        assertThat(answers).as("%s by %s, %s: %s", asker, family, name(), met).isEqualTo(2 * PAIRS);
      }
    }
  }
}

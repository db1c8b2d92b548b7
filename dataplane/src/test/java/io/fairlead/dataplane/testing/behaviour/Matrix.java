package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.behaviour.Expectation.Answer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Every client, path, family and protocol of some Services, compared with what must happen. */
final class Matrix {

  static final List<Host> CLIENTS =
      List.of(Host.LOCAL_CLIENT, Host.LOCAL_BOTH, Host.REMOTE_CLIENT, Host.NODE, Host.OUTSIDE);

  static final List<Protocol> PROTOCOLS = List.of(Protocol.TCP, Protocol.UDP);

  /**
   * One after the other, so that affinity shows. A client that comes by several paths at once in
   * the first may get an endpoint on each; from then on it has settled.
   */
  private static final int ROUNDS = 3;

  /** So many answers miss one of three endpoints with a probability of 10^-10. */
  private static final int ENOUGH = 60;

  /** A cell of the matrix, and what is wrong with it; empty if nothing. */
  record Outcome(String name, Set<String> mismatches) {}

  /** What some clients of one Service may be sent to. */
  private record Choice(Variant service, Set<Host> servers) {}

  private final List<Case> cases = new ArrayList<>();
  private final List<Expectation> expectations = new ArrayList<>();
  private final List<Set<Host>> sticky = new ArrayList<>();
  private final List<Set<String>> mismatches = new ArrayList<>();
  private final Map<Choice, List<Host>> choices = new LinkedHashMap<>();

  Matrix(List<Variant> services, Oracle oracle) {
    for (Variant service : services) {
      for (Path path : Path.values()) {
        for (Host client : CLIENTS) {
          for (AddressFamily family : AddressFamily.values()) {
            for (Protocol protocol : PROTOCOLS) {
              Case cell = new Case(service, client, path, family, protocol);
              cases.add(cell);
              expectations.add(oracle.expect(cell));
              sticky.add(EnumSet.noneOf(Host.class));
              mismatches.add(new TreeSet<>());
            }
          }
        }
      }
    }
  }

  List<Outcome> run(Probes probes) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<Integer> right =
          IntStream.range(0, cases.size())
              .filter(i -> mismatches.get(i).isEmpty())
              .boxed()
              .toList();
      List<Observation> observations =
          probes.run(
              right.stream()
                  .map(i -> cases.get(i).probe(expectations.get(i) instanceof Answer))
                  .toList());
      for (int i = 0; i < right.size(); i++) {
        compare(right.get(i), observations.get(i), round > 0);
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      outcomes.add(new Outcome(cases.get(i) + " -> " + expectations.get(i), mismatches.get(i)));
    }
    outcomes.addAll(shares());
    return outcomes;
  }

  private void compare(int number, Observation seen, boolean settled) {
    Case cell = cases.get(number);
    Expectation expectation = expectations.get(number);
    if (!expectation.admits(cell.client(), cell.family(), seen)) {
      mismatches.get(number).add(seen.toString());
      return;
    }
    if (expectation instanceof Answer answer && seen instanceof Observation.Answered answered) {
      if (cell.service().affinitySeconds() > 0) {
        if (settled) {
          sticky.get(number).add(answered.server());
        }
        if (sticky.get(number).size() > 1) {
          mismatches.get(number).add("sent to several: " + sticky.get(number));
        }
      } else {
        choices
            .computeIfAbsent(new Choice(cell.service(), answer.servers()), _ -> new ArrayList<>())
            .add(answered.server());
      }
    }
  }

  /** Every endpoint gets some of the connections. */
  private List<Outcome> shares() {
    List<Outcome> outcomes = new ArrayList<>();
    choices.forEach((choice, answers) -> {
      if (choice.servers().size() > 1 && answers.size() >= ENOUGH) {
        Set<Host> unused = EnumSet.copyOf(choice.servers());
        answers.forEach(unused::remove);
        Set<String> wrong = unused.isEmpty() ? Set.of() : Set.of("never used: " + unused);
        Set<Host> servers = new TreeSet<>(choice.servers());
        outcomes.add(new Outcome("all of " + servers + " are used, " + choice.service(), wrong));
      }
    });
    return outcomes;
  }

  /** The mismatches as a table; empty if there are none. */
  static String table(List<Outcome> outcomes) {
    StringBuilder table = new StringBuilder();
    for (Outcome outcome : outcomes) {
      if (!outcome.mismatches().isEmpty()) {
        table
            .append(outcome.name())
            .append(" | but ")
            .append(String.join("; ", outcome.mismatches()))
            .append('\n');
      }
    }
    return table.toString();
  }
}

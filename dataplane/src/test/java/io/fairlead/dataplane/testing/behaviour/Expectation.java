package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.AddressFamily;
import java.util.Set;
import java.util.stream.Collectors;

/** What a client must meet. */
sealed interface Expectation {

  /** Whose address the server sees. */
  enum Source {
    /** The client's own. */
    CLIENT,
    /** One of the node's. */
    NODE
  }

  /** One of {@code servers} answers; a client that is sent to itself is always masqueraded. */
  record Answer(Set<Host> servers, Source source) implements Expectation {
    public Answer {
      servers = Set.copyOf(servers);
    }

    @Override
    public String toString() {
      return servers.stream().sorted().map(Host::toString).collect(Collectors.joining(" or "))
          + " answers, asked from the "
          + (source == Source.CLIENT ? "client" : "node");
    }
  }

  /** The client is told at once. */
  record Refusal() implements Expectation {
    @Override
    public String toString() {
      return "refused";
    }
  }

  /** Nothing comes back, and nothing gets anywhere. */
  record Silence() implements Expectation {
    @Override
    public String toString() {
      return "silence";
    }
  }

  /** Whether {@code client} met what it must. */
  default boolean admits(Host client, AddressFamily family, Observation seen) {
    return switch (this) {
      case Refusal _ -> seen instanceof Observation.Refused;
      case Silence _ -> seen instanceof Observation.Silent;
      case Answer(Set<Host> servers, Source source) -> {
        if (!(seen instanceof Observation.Answered answered)) {
          yield false;
        }
        boolean asNode = source == Source.NODE || answered.server() == client;
        yield servers.contains(answered.server())
            && (asNode
                ? BehaviourLab.nodeAddresses().contains(answered.source())
                : answered.source().equals(client.address(family)));
      }
    };
  }
}

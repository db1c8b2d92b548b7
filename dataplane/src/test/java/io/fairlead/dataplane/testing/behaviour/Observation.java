package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.IpAddress;

/** What a client met. */
sealed interface Observation {

  Observation REFUSED = new Refused();
  Observation SILENT = new Silent();

  /** Somebody answered, and saw the client at {@code source}. */
  record Answered(Host server, IpAddress source) implements Observation {
    @Override
    public String toString() {
      return server + " answered, asked from " + source;
    }
  }

  /** The client was told at once that nobody is there. */
  record Refused() implements Observation {
    @Override
    public String toString() {
      return "refused";
    }
  }

  /** Nothing came back. */
  record Silent() implements Observation {
    @Override
    public String toString() {
      return "silence";
    }
  }

  /** A server got the datagram, but its answer did not come back. */
  record OneWay(Host server) implements Observation {
    @Override
    public String toString() {
      return server + " was reached, but its answer was not";
    }
  }

  /** Something that no Service should do. */
  record Failed(String reason) implements Observation {
    @Override
    public String toString() {
      return "failed: " + reason;
    }
  }
}

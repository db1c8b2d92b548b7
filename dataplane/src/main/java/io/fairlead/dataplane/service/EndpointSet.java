package io.fairlead.dataplane.service;

import java.util.List;

/**
 * The endpoints that share connections, each with the same probability.
 *
 * @param endpoints ascending, without repetition
 * @param absence what happens to clients if there are none; REFUSE if there are some
 */
public record EndpointSet(List<EndpointAddress> endpoints, Absence absence) {

  /** What a client of an address without endpoints meets. */
  public enum Absence {
    /** It is told at once: nobody serves this anywhere. */
    REFUSE,
    /** Silence: others serve it, and the client should be sent there. */
    DROP
  }

  public EndpointSet {
    endpoints = List.copyOf(endpoints);
  }

  public boolean isEmpty() {
    return endpoints.isEmpty();
  }

  public int size() {
    return endpoints.size();
  }
}

package io.fairlead.agent.server;

import io.fairlead.agent.metrics.EndpointTraffic;

/**
 * What an endpoint of a Service is used for; EndpointTraffic.Counters says what the numbers mean.
 *
 * @param service "namespace/name"
 * @param endpoint "10.244.1.3:8080/tcp"
 */
public record EndpointStatus(
    String service,
    String endpoint,
    long connections,
    long packets,
    long bytes,
    long active,
    long inactive,
    long connectionsPerSecond,
    long packetsPerSecond,
    long bytesPerSecond) {

  /** The same numbers, for reading by people and programs. */
  public static EndpointStatus of(EndpointTraffic.Counters counters) {
    return new EndpointStatus(
        counters.service().toString(),
        counters.endpoint(),
        counters.connections(),
        counters.packets(),
        counters.bytes(),
        counters.active(),
        counters.inactive(),
        counters.connectionsPerSecond(),
        counters.packetsPerSecond(),
        counters.bytesPerSecond());
  }
}

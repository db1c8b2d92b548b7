package io.fairlead.bench.rules;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The cluster that is measured: Services of one TCP port with a cluster IP each, in namespace
 * "default", whose endpoints are on other nodes. Services are numbered from 0. Immutable.
 *
 * @param services 1 to 60,000
 * @param endpoints of each Service, 1 to 1000; all together at most 2,000,000
 */
public record Population(int services, int endpoints) {

  static final int SERVICE_PORT = 80;
  static final int ENDPOINT_PORT = 8080;

  /** Where cluster IPs are; the third and fourth byte count Services. */
  private static final String SERVICE_PREFIX = "10.96.";

  private static final int MOST_SERVICES = 60_000;
  private static final int MOST_ENDPOINTS = 2_000_000;

  public Population {
    if (services < 1
        || services > MOST_SERVICES
        || endpoints < 1
        || endpoints > 1000
        || (long) services * endpoints > MOST_ENDPOINTS) {
      throw new IllegalArgumentException(
          "a population has 1 to 60000 Services with 1 to 1000 endpoints each, and at most 2000000"
              + " endpoints; not "
              + services
              + " with "
              + endpoints);
    }
  }

  /** "10000 x 2". */
  public String title() {
    return services + " x " + endpoints;
  }

  static String name(int service) {
    return "service-" + service;
  }

  static ObjectKey key(int service) {
    return new ObjectKey("default", name(service));
  }

  /** The cluster IP. The first and last addresses of each 256 are nobody's. */
  static String clusterIp(int service) {
    return SERVICE_PREFIX + (1 + service / 250) + "." + (1 + service % 250);
  }

  /** The addresses of a Service's endpoints before any change. */
  public List<String> addresses(int service) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      addresses.add(address(128, service * endpoints + i));
    }
    return addresses;
  }

  /** An address that no endpoint has before changes; another one for each number. */
  public static String freshAddress(int number) {
    return address(176, number);
  }

  private static String address(int firstByte, int number) {
    return "10." + (firstByte + (number >> 16)) + "." + (number >> 8 & 255) + "." + (number & 255);
  }
}

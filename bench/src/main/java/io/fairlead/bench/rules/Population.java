package io.fairlead.bench.rules;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The cluster that is measured: Services of one TCP port with a cluster IP each, in namespace
 * "default", whose endpoints are on other nodes. Services are numbered from 0. Immutable.
 *
 * @param services 1 to 60,000
 * @param endpoints of each Service, 1 to 1000; all together at most 2,500,000
 */
public record Population(int services, int endpoints) {

  static final int SERVICE_PORT = 80;
  static final int ENDPOINT_PORT = 8080;

  /** All pods: those of the nodes that are made, and all endpoints. */
  static final Cidr POD_NETWORK = Cidr.parse("10.128.0.0/9");

  /** Services from this number on are in no population: changes add and remove them. */
  static final int FIRST_SPARE = 60_500;

  /** Where cluster IPs are; the third and fourth byte count Services. */
  private static final String SERVICE_PREFIX = "10.96.";

  private static final int MOST_SERVICES = 60_000;
  private static final int MOST_ENDPOINTS = 2_500_000;

  /** The second bytes of endpoints before any change, and of those that changes bring. */
  private static final int LOADED = 128;

  private static final int FRESH = 176;

  public Population {
    if (services < 1
        || services > MOST_SERVICES
        || endpoints < 1
        || endpoints > 1000
        || (long) services * endpoints > MOST_ENDPOINTS) {
      throw new IllegalArgumentException(
          "a population has 1 to 60000 Services with 1 to 1000 endpoints each, and at most 2500000"
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

  /** The parameters of a cell that is measured with it. */
  public Map<String, String> parameters(String contender) {
    return Map.of(
        "contender",
        contender,
        "services",
        Integer.toString(services),
        "endpoints",
        Integer.toString(endpoints));
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
    List<String> addresses = new ArrayList<>(endpoints);
    for (int i = 0; i < endpoints; i++) {
      addresses.add(address(LOADED, service * endpoints + i));
    }
    return addresses;
  }

  /**
   * An address that no endpoint has before changes; another one for each number, and the greater
   * the number, the greater the address. All are greater than those before changes.
   *
   * @param number 0 to 4,000,000
   */
  public static String freshAddress(int number) {
    return address(FRESH, number);
  }

  private static String address(int secondByte, int number) {
    return "10." + (secondByte + (number >> 16)) + "." + (number >> 8 & 255) + "." + (number & 255);
  }
}

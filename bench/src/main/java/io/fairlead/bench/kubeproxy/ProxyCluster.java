package io.fairlead.bench.kubeproxy;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The Services that are measured, as text for an API server: of one TCP port and without a
 * selector, so that no controller makes endpoints for them. Endpoints are on other nodes. The last
 * Service is the one that changes; it and every eighth or so of the others have an endpoint that
 * answers, by which one sees that all are in force. Services are numbered from 0. Immutable.
 *
 * @param services 2 to 60,000
 * @param endpoints of each Service that does not answer, 1 to 100
 */
record ProxyCluster(int services, int endpoints) {

  static final int SERVICE_PORT = 80;
  static final int ENDPOINT_PORT = 8080;

  private static final int PROBES = 8;

  ProxyCluster {
    if (services < 2 || services > 60_000 || endpoints < 1 || endpoints > 100) {
      throw new IllegalArgumentException(
          "there can be 2 to 60000 Services with 1 to 100 endpoints each, not "
              + services
              + " with "
              + endpoints);
    }
  }

  static String name(int service) {
    return "service-" + service;
  }

  /** The Service whose endpoint is replaced. */
  int changed() {
    return services - 1;
  }

  /** Whether it has an endpoint that answers. */
  boolean isProbe(int service) {
    return service == changed() || service % Math.max(1, services / PROBES) == 0;
  }

  /** The addresses of a Service's endpoints before any change. */
  List<String> addresses(int service) {
    if (isProbe(service)) {
      return List.of(ProxyNode.FIRST);
    }
    return IntStream.range(0, endpoints)
        .map(i -> service * endpoints + i)
        .mapToObj(i -> "10." + (128 + (i >> 16)) + "." + (i >> 8 & 255) + "." + (i & 255))
        .toList();
  }

  static String service(String namespace, int service) {
    return """
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"%s"},\
    "spec":{"type":"ClusterIP","ports":[{"name":"web","protocol":"TCP","port":%d,\
    "targetPort":%d}]}}\
    """
        .formatted(name(service), namespace, SERVICE_PORT, ENDPOINT_PORT);
  }

  /** The one slice of a Service; its label says that no controller of the cluster keeps it. */
  static String slice(String namespace, int service, List<String> addresses) {
    StringBuilder endpoints = new StringBuilder();
    for (String address : addresses) {
      endpoints
          .append(endpoints.isEmpty() ? "" : ",")
          .append("{\"addresses\":[\"")
          .append(address)
          .append("\"],\"conditions\":{\"ready\":true,\"serving\":true,\"terminating\":false},")
          .append("\"zone\":\"zone-a\"}");
    }
    return """
    {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"%1$s",\
    "namespace":"%2$s","labels":{"kubernetes.io/service-name":"%1$s",\
    "endpointslice.kubernetes.io/managed-by":"fairlead-bench"}},"addressType":"IPv4",\
    "endpoints":[%3$s],"ports":[{"name":"web","protocol":"TCP","port":%4$d}]}\
    """
        .formatted(name(service), namespace, endpoints, ENDPOINT_PORT);
  }
}

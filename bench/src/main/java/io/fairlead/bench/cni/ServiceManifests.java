package io.fairlead.bench.cni;

import java.util.Locale;

/** Many Services, each with a slice of two endpoints. */
final class ServiceManifests {

  private ServiceManifests() {}

  /**
   * @param count at most 60,000
   */
  static String of(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              """
              {"apiVersion":"v1","kind":"Service","metadata":{"name":"s%1$d","namespace":"default"},\
              "spec":{"clusterIP":"10.96.%2$d.%3$d","ports":[{"port":80,"protocol":"TCP"}]}}
              ---
              {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s%1$d-0",\
              "namespace":"default","labels":{"kubernetes.io/service-name":"s%1$d"}},"addressType":"IPv4",\
              "ports":[{"port":8080,"protocol":"TCP"}],\
              "endpoints":[{"addresses":["10.245.%2$d.%3$d"]},{"addresses":["10.246.%2$d.%3$d"]}]}
              ---
              """,
              i,
              i / 250,
              1 + i % 250));
    }
    return text.toString();
  }
}

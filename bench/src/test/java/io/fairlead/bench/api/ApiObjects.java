package io.fairlead.bench.api;

/** Manifests for tests. */
final class ApiObjects {

  private ApiObjects() {}

  static String service(String namespace, String name, String labels) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: %s, labels: {%s}}
    spec: {type: ClusterIP, clusterIP: 10.96.0.10, ports: [{name: web, port: 80}]}
    """
        .formatted(name, namespace, labels);
  }

  static String service(String name) {
    return service("default", name, "");
  }

  static String node(String name, String podCidr) {
    return """
    apiVersion: v1
    kind: Node
    metadata: {name: %s, annotations: {kept: "yes"}}
    spec: {podCIDR: %s, podCIDRs: [%s]}
    status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}
    """
        .formatted(name, podCidr, podCidr);
  }

  static String slice(String name, String service, String address) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: %s, namespace: default, labels: {kubernetes.io/service-name: %s}}
    addressType: IPv4
    endpoints: [{addresses: [%s], conditions: {ready: true}}]
    ports: [{name: web, port: 8080, protocol: TCP}]
    """
        .formatted(name, service, address);
  }
}

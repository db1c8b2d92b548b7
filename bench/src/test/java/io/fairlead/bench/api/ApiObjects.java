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

  /**
   * A running pod of the namespace "shop".
   *
   * @param phase such as Running
   */
  static String pod(String name, String address, String phase) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: shop, labels: {app: web}}
    spec: {nodeName: n1, containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
    status: {phase: %s, podIP: %s, podIPs: [{ip: %s}]}
    """
        .formatted(name, phase, address, address);
  }

  static String namespace(String name, String labels) {
    return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}"
        .formatted(name, labels);
  }

  /** A NetworkPolicy of the namespace "shop". */
  static String networkPolicy(String name, String spec) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: shop}
    spec: {%s}
    """
        .formatted(name, spec);
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

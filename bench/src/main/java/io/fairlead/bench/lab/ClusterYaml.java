package io.fairlead.bench.lab;

/** Kubernetes objects as YAML, all in the namespace "default". */
public final class ClusterYaml {

  private ClusterYaml() {}

  public static String namespace() {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: default, labels: {kubernetes.io/metadata.name: default}}
    """;
  }

  /** A Pod with the label "app". */
  public static String pod(String name, String node, String app) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, labels: {app: %s}}
    spec: {nodeName: %s, containers: [{name: main, image: none}]}
    status: {phase: Pending}
    """
        .formatted(name, app, node);
  }

  /** The addresses that a Pod got, as its kubelet would report them. */
  public static String runningPod(String name, String node, String app, String address) {
    return pod(name, node, app)
        .replace(
            "{phase: Pending}",
            "{phase: Running, podIP: %1$s, podIPs: [{ip: %1$s}]}".formatted(address));
  }

  public static String service(String name, String clusterIp, int port, int targetPort) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default}
    spec:
      type: ClusterIP
      clusterIP: %s
      clusterIPs: [%s]
      ports: [{name: main, protocol: TCP, port: %d, targetPort: %d}]
    """
        .formatted(name, clusterIp, clusterIp, port, targetPort);
  }

  /** An EndpointSlice with one endpoint that is ready. */
  public static String endpoint(String service, String address, String node, int port) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: %s-ipv4
      namespace: default
      labels: {kubernetes.io/service-name: %s}
    addressType: IPv4
    endpoints: [{addresses: [%s], nodeName: %s, conditions: {ready: true}}]
    ports: [{name: main, protocol: TCP, port: %d}]
    """
        .formatted(service, service, address, node, port);
  }

  /**
   * A policy for pods with the label "app".
   *
   * @param rest policyTypes and rules, in flow style
   */
  public static String policy(String name, String app, String rest) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: default}
    spec: {podSelector: {matchLabels: {app: %s}}, %s}
    """
        .formatted(name, app, rest);
  }
}

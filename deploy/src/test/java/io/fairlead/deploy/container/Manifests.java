package io.fairlead.deploy.container;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Objects that tests put into the API server. */
final class Manifests {

  private Manifests() {}

  /** A Pod of one container on node-{@code machine}. */
  static String pod(String name, String app, int machine, String status) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, labels: {app: %s}}
    spec: {nodeName: node-%d, containers: [{name: main, image: none}]}
    status: %s
    """
        .formatted(name, app, machine, status);
  }

  /** A Service on port 80, TCP and UDP, of pods that listen at 8080; and its EndpointSlice. */
  static String service(String name, String address, int nodePort, ContainerPod... endpoints) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %1$s, namespace: default}
    spec:
      type: NodePort
      clusterIP: %2$s
      clusterIPs: [%2$s]
      ports:
      - {name: tcp, protocol: TCP, port: 80, targetPort: 8080, nodePort: %3$d}
      - {name: udp, protocol: UDP, port: 80, targetPort: 8080, nodePort: %3$d}
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: %1$s-1, namespace: default, labels: {kubernetes.io/service-name: %1$s}}
    addressType: IPv4
    ports:
    - {name: tcp, protocol: TCP, port: 8080}
    - {name: udp, protocol: UDP, port: 8080}
    endpoints: [%4$s]
    """
        .formatted(
            name,
            address,
            nodePort,
            Arrays.stream(endpoints)
                .map(pod ->
                    "{addresses: [%s], nodeName: %s, conditions: {ready: true}}"
                        .formatted(pod.address().getHostAddress(), pod.machine().name()))
                .collect(Collectors.joining(", ")));
  }

  /** A NetworkPolicy: pods of one app take packets from pods of another alone. */
  static String onlyFrom(String app, String from) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: only-from-%2$s, namespace: default}
    spec:
      podSelector: {matchLabels: {app: %1$s}}
      policyTypes: [Ingress]
      ingress: [{from: [{podSelector: {matchLabels: {app: %2$s}}}]}]
    """
        .formatted(app, from);
  }
}

package io.fairlead.bench.lab;

/** Objects that tests of policies need, as YAML. All are in the namespace "default". */
final class PolicyManifests {

  private PolicyManifests() {}

  static String namespace() {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: default, labels: {kubernetes.io/metadata.name: default}}
    """;
  }

  /** A Pod with the label "app". */
  static String pod(String name, String node, String app) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, labels: {app: %s}}
    spec: {nodeName: %s, containers: [{name: main, image: none}]}
    status: {phase: Pending}
    """
        .formatted(name, app, node);
  }

  /**
   * A policy of both directions.
   *
   * @param app whom it selects
   * @param rules "ingress:" and "egress:", in flow style; empty to deny everything
   */
  static String policy(String name, String app, String rules) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: default}
    spec:
      podSelector: {matchLabels: {app: %s}}
      policyTypes: [Ingress, Egress]
    %s\
    """
        .formatted(name, app, rules.indent(2));
  }
}

package io.fairlead.bench.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import java.util.List;

/** Records as an API server sends their objects: JSON, for pods with the usual other fields. */
final class ObjectText {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What a pod of one container has besides what policies need, as its container and its status.
   */
  private static final String CONTAINER =
      """
      {"name":"main","image":"registry.example/team/application:1.2.3",\
      "imagePullPolicy":"IfNotPresent","env":[{"name":"POD_NAME","valueFrom":{"fieldRef":\
      {"apiVersion":"v1","fieldPath":"metadata.name"}}},{"name":"MODE","value":"production"}],\
      "resources":{"limits":{"cpu":"1","memory":"256Mi"},"requests":{"cpu":"100m",\
      "memory":"128Mi"}},"readinessProbe":{"httpGet":{"path":"/ready","port":"web",\
      "scheme":"HTTP"},"periodSeconds":10},"terminationMessagePath":"/dev/termination-log",\
      "volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount",\
      "name":"kube-api-access","readOnly":true}]}\
      """;

  private static final String STATUS =
      """
      {"phase":"Running","qosClass":"Burstable","startTime":"2026-01-01T00:00:00Z",\
      "conditions":[{"type":"Initialized","status":"True"},{"type":"Ready","status":"True"},\
      {"type":"ContainersReady","status":"True"},{"type":"PodScheduled","status":"True"}],\
      "containerStatuses":[{"name":"main","ready":true,"started":true,"restartCount":0,\
      "image":"registry.example/team/application:1.2.3","state":{"running":\
      {"startedAt":"2026-01-01T00:00:01Z"}}}]}\
      """;

  private ObjectText() {}

  static String namespace(NamespaceRecord namespace) {
    ObjectNode object = object("v1", "Namespace", namespace.name());
    object.withObject("/metadata").set("labels", JSON.valueToTree(namespace.labels().toMap()));
    return object.toString();
  }

  static String pod(PodRecord pod) {
    ObjectNode object = object("v1", "Pod", pod.key().name());
    ObjectNode metadata = object.withObject("/metadata");
    metadata.put("namespace", pod.key().namespace());
    metadata.set("labels", JSON.valueToTree(pod.labels().toMap()));
    ObjectNode spec = object.putObject("spec").put("nodeName", pod.node());
    ObjectNode container = parse(CONTAINER);
    for (PodRecord.ContainerPort port : pod.ports()) {
      container
          .withArray("/ports")
          .addObject()
          .put("name", port.name())
          .put("protocol", port.protocol().name())
          .put("containerPort", port.port());
    }
    spec.putArray("containers").add(container);
    ObjectNode status = parse(STATUS);
    for (IpAddress address : pod.addresses()) {
      status.withArray("/podIPs").addObject().put("ip", address.toString());
    }
    if (!pod.addresses().isEmpty()) {
      status.put("podIP", pod.addresses().getFirst().toString());
    }
    object.set("status", status);
    return object.toString();
  }

  static String policy(NetworkPolicyRecord policy) {
    ObjectNode object = object("networking.k8s.io/v1", "NetworkPolicy", policy.key().name());
    object.withObject("/metadata").put("namespace", policy.key().namespace());
    ObjectNode spec = object.putObject("spec");
    spec.set("podSelector", selector(policy.pods()));
    ArrayNode types = spec.putArray("policyTypes");
    for (PolicyDirection direction : PolicyDirection.values()) {
      List<Rule> rules = policy.rules(direction);
      if (rules != null) {
        boolean ingress = direction == PolicyDirection.INGRESS;
        types.add(ingress ? "Ingress" : "Egress");
        ArrayNode list = spec.putArray(direction.text());
        rules.forEach(rule -> list.add(rule(rule, ingress ? "from" : "to")));
      }
    }
    return object.toString();
  }

  private static ObjectNode rule(Rule rule, String side) {
    ObjectNode node = JSON.createObjectNode();
    List<Peer> peers = rule.peers();
    if (peers != null) {
      ArrayNode list = node.putArray(side);
      peers.forEach(peer -> list.add(peer(peer)));
    }
    List<Port> ports = rule.ports();
    if (ports != null) {
      ArrayNode list = node.putArray("ports");
      ports.forEach(port -> list.add(port(port)));
    }
    return node;
  }

  private static ObjectNode peer(Peer peer) {
    ObjectNode node = JSON.createObjectNode();
    switch (peer) {
      case Peer.Pods pods -> {
        LabelSelector namespaces = pods.namespaces();
        if (namespaces != null) {
          node.set("namespaceSelector", selector(namespaces));
        }
        node.set("podSelector", selector(pods.pods()));
      }
      case Peer.Block block -> {
        ObjectNode own = node.putObject("ipBlock").put("cidr", block.cidr().toString());
        block.except().forEach(hole -> own.withArray("/except").add(hole.toString()));
      }
    }
    return node;
  }

  private static ObjectNode port(Port port) {
    ObjectNode node = JSON.createObjectNode().put("protocol", port.protocol().name());
    switch (port) {
      case Port.Range range -> {
        node.put("port", range.first());
        if (range.last() > range.first()) {
          node.put("endPort", range.last());
        }
      }
      case Port.Named named -> node.put("port", named.name());
    }
    return node;
  }

  /** Of labels that must be equal: the only ones that populations have. */
  private static ObjectNode selector(LabelSelector selector) {
    ObjectNode node = JSON.createObjectNode();
    for (LabelSelector.Requirement requirement : selector.requirements()) {
      node.withObject("/matchLabels").put(requirement.key(), requirement.values().getFirst());
    }
    return node;
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private static ObjectNode parse(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text of this class is not well-formed", e);
    }
  }
}

package io.fairlead.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever values are given, the chart makes objects that the API's schemas take. */
class ChartSchemasTest {

  static final List<String> VALUES =
      List.of(
          "{}",
          "config: {proxy-mode: nftables, cluster-cidr: [10.244.0.0/16]}",
          "config: {proxy-mode: iptables}",
          "config: {proxy-mode: iptables, iptables-variant: nft}",
          "config: {proxy-mode: iptables, iptables-variant: legacy}",
          "config: {proxy-mode: ipvs, ipvs-scheduler: 'mh,mh-port', ipvs-strict-arp: true}",
          "config: {proxy-mode: none, network-policies: false, overlay: none}",
          "config: {cluster-cidr: [10.244.0.0/16, 'fd00:10:244::/56'],"
              + " service-cidr: [10.96.0.0/12, 'fd00:10:96::/112'], metrics-address: '[::]:10256'}",
          "config: {overlay: host-gw, import-leases: /var/lib/cni/networks/cbr0, mtu: 1450,"
              + " vxlan-checksum-offload: 'on', vxlan-vni: 16777215}",
          "apiServer: {host: 192.0.2.10}",
          "apiServer: {host: 'fd00::10', port: 443}",
          "apiServer: {host: api.example.org, port: 8443}",
          "seccomp: {type: RuntimeDefault}",
          "seccomp: {type: Unconfined}",
          "{seLinuxOptions: {type: spc_t}, javaOptions: '-Xmx512m'}",
          "image: {repository: registry.example.org:5000/net/fairlead, tag: v1, pullPolicy: Always}",
          "image: {digest: 'sha256:" + "0123456789abcdef".repeat(4) + "'}",
          "{imagePullSecrets: [{name: registry}], metricsAnnotations: true,"
              + " updateStrategy: {maxUnavailable: '10%'}, priorityClassName: ''}",
          "{nodeSelector: {fairlead.io/agent: 'yes'}, podLabels: {a: b}, podAnnotations: {c: d},"
              + " resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 2Gi}},"
              + " tolerations: [], affinity: {nodeAffinity: {}}}",
          "{serviceAccount: {create: false, name: mine}, rbac: {create: false}}",
          "cni: {conflist: '{\"cniVersion\": \"1.0.0\", \"name\": \"x\", \"plugins\": [{\"type\":"
              + " \"fairlead\"}]}'}",
          "paths: {cniBin: /usr/lib/cni, kubelet: /data/kubelet, state: /data/fairlead,"
              + " run: /run/other}",
          "cleanup: {enabled: true}",
          "{cleanup: {enabled: true}, config: {iptables-variant: legacy}}");

  @ParameterizedTest
  @FieldSource("VALUES")
  @DisplayName("rendered objects are what the API's schemas say")
  void validates(String values) {
    List<ObjectNode> objects = Chart.objects(values);
    assertThat(objects).hasSizeGreaterThanOrEqualTo(2);
    for (ObjectNode object : objects) {
      assertThat(ApiModels.problem(object)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/spec/template/spec",
        "/spec/template/spec/containers/0",
        "/spec/template/spec/containers/0/securityContext",
        "/spec/template/spec/containers/0/securityContext/capabilities",
        "/spec/template/spec/containers/0/securityContext/seccompProfile",
        "/spec/template/spec/containers/0/startupProbe/httpGet",
        "/spec/template/spec/containers/0/env/0/valueFrom/fieldRef",
        "/spec/template/spec/initContainers/0/volumeMounts/0",
        "/spec/template/spec/volumes/1/projected/sources/0/serviceAccountToken",
        "/spec/template/spec/volumes/2/hostPath",
        "/spec/updateStrategy/rollingUpdate"
      })
  @DisplayName("a field that the API does not know would be seen")
  void seesUnknownFields(String place) {
    ObjectNode daemonSet = Chart.only(Chart.objects("{}"), "DaemonSet");
    assertThat(daemonSet.at(place)).isInstanceOf(ObjectNode.class);
    ((ObjectNode) daemonSet.at(place)).put("hostNetwrok", "x");
    assertThat(ApiModels.problem(daemonSet)).get().asString().contains("hostNetwrok");
  }

  @Test
  @DisplayName("a field that is missing, or of a wrong type, would be seen")
  void seesMissingFields() {
    ObjectNode daemonSet = Chart.only(Chart.objects("{}"), "DaemonSet");
    ObjectNode container = (ObjectNode) daemonSet.at("/spec/template/spec/containers/0");
    String name = container.path("name").asText();
    container.remove("name");
    assertThat(ApiModels.problem(daemonSet)).get().asString().contains("name");
    container.put("name", name).put("args", "agent");
    assertThat(ApiModels.problem(daemonSet)).get().asString().contains("args");
  }
}

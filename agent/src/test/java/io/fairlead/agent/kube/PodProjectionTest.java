package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.namespace;
import static io.fairlead.agent.kube.ProjectionFixture.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods and Namespaces of the API. */
class PodProjectionTest {

  @Test
  @DisplayName("all that policies need of a pod")
  void whole() {
    PodRecord pod =
        pod(
                """
                uid: 5b1f, creationTimestamp: "2026-01-31T12:00:00Z",
                labels: {tier: front, app: web},
                managedFields: [{manager: kubelet, fieldsV1: {"f:status": {".": {}}}}]\
                """,
                """
                nodeName: n1, unknownField: [1],
                containers: [{name: a, ports: [{name: http, containerPort: 8080},
                  {containerPort: 9}, {name: dns, containerPort: 53, protocol: UDP}]}]\
                """,
                "phase: Running, podIP: 10.244.1.5, podIPs: [{ip: 10.244.1.5}, {ip: 'fd00::5'}]")
            .with("")
            .pod();
    assertThat(pod.key()).hasToString("shop/web-0");
    assertThat(pod.uid()).isEqualTo("5b1f");
    assertThat(pod.labels()).hasToString("{app=web, tier=front}");
    assertThat(pod.addresses()).hasToString("[10.244.1.5, fd00::5]");
    assertThat(pod.node()).isEqualTo("n1");
    assertThat(pod.hostNetwork()).isFalse();
    assertThat(pod.created()).isEqualTo(1_769_860_800L);
    assertThat(pod.ports())
        .containsExactly(
            new ContainerPort("http", Protocol.TCP, 8080),
            new ContainerPort("dns", Protocol.UDP, 53));
  }

  @Test
  @DisplayName("a pod that was just made has a key alone")
  void bare() {
    PodRecord pod = pod("labels: null", "nodeName: ''", "podIPs: null, podIP: ''").with("").pod();
    assertThat(pod.uid()).isEmpty();
    assertThat(pod.labels().toMap()).isEmpty();
    assertThat(pod.addresses()).isEmpty();
    assertThat(pod.node()).isNull();
    assertThat(pod.ports()).isEmpty();
    assertThat(pod.created()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a pod that has ended has no record, and its address is another's (policy 5)")
  @CsvSource({"Succeeded,true", "Failed,true", "Running,false", "Pending,false", "Unknown,false"})
  void phases(String phase, boolean gone) {
    PodRecord pod =
        pod("", "", "phase: " + phase + ", podIPs: [{ip: 10.244.1.5}]").with("").podOrNull();
    assertThat(pod == null).isEqualTo(gone);
  }

  @Test
  @DisplayName("a pod that is being deleted still counts")
  void terminating() {
    assertThat(
            pod("deletionTimestamp: '2026-01-31T12:00:00Z'", "", "podIP: 10.244.1.5").podOrNull())
        .isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("addresses: all, the single one of old, none that is not a host's")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          podIP: 10.244.1.5                                          | [10.244.1.5] | ''
          podIP: 10.244.1.6, podIPs: [{ip: 10.244.1.5}]              | [10.244.1.5] | ''
          podIPs: [{ip: 10.244.1.5}, {ip: 10.244.1.5}]               | [10.244.1.5] | ''
          podIPs: [null, {ip: ''}, {}, {ip: 10.244.1.5}]             | [10.244.1.5] | ''
          podIPs: []                                                 | []           | ''
          podIPs: [{ip: 10.244.1.5}, {ip: nonsense}]                 | [10.244.1.5] | status.podIPs: "nonsense" is not an IP address
          podIP: 127.0.0.1                                           | []           | status.podIP: 127.0.0.1 is not the address of one host
          """)
  void addresses(String status, String addresses, String problem) {
    assertThat(pod("", "", status).with(problem).pod().addresses()).hasToString(addresses);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("ports with names, of containers and of init containers that stay")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          initContainers: [{name: s, restartPolicy: Always, ports: [{name: a, containerPort: 1}]}]       | a/TCP/1         | ''
          initContainers: [{name: s, ports: [{name: a, containerPort: 1}]}]                              | ''              | ''
          initContainers: [{name: s, restartPolicy: Always, ports: [{name: a, containerPort: 1}]}], containers: [{name: c, ports: [{name: a, containerPort: 2}]}] | a/TCP/2 a/TCP/1 | ''
          containers: [{name: c, ports: [{name: a, containerPort: 1}]}, {name: d, ports: [{name: a, containerPort: 1}]}] | a/TCP/1 | ''
          containers: [null, {name: c, ports: null}, {name: d, ports: [null, {name: '', containerPort: 3}]}] | ''          | ''
          containers: [{name: c, ports: [{name: a, containerPort: 1, protocol: SCTP}]}]                  | a/SCTP/1        | ''
          containers: [{name: c, ports: [{name: a, containerPort: 1, protocol: ''}]}]                    | a/TCP/1         | ''
          containers: [{name: c, ports: [{name: a, containerPort: 1, protocol: tcp}]}]                   | ''              | port "a" of container "c" has the protocol "tcp"
          containers: [{name: c, ports: [{name: a, containerPort: 65536}]}]                              | ''              | port "a" of container "c" has the port 65536
          containers: [{name: c, ports: [{name: a}]}]                                                    | ''              | port "a" of container "c" has no port number
          """)
  void ports(String spec, String ports, String problem) {
    assertThat(
            String.join(
                " ",
                pod("", spec, "").with(problem).pod().ports().stream()
                    .map(port -> port.name() + "/" + port.protocol() + "/" + port.port())
                    .toList()))
        .isEqualTo(ports);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("the mirror of a static pod has the uid that its runtime is told")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kubernetes.io/config.mirror: m, kubernetes.io/config.hash: h | h
          kubernetes.io/config.hash: h                                 | u
          kubernetes.io/config.mirror: m                               | u
          kubernetes.io/config.mirror: m, kubernetes.io/config.hash: ''| u
          """)
  void mirror(String annotations, String uid) {
    assertThat(pod("uid: u, annotations: {" + annotations + "}", "", "").pod().uid())
        .isEqualTo(uid);
  }

  @Test
  @DisplayName("a host-network pod has its node's addresses and says so")
  void hostNetwork() {
    PodRecord pod = pod("", "hostNetwork: true", "podIP: 192.0.2.1").pod();
    assertThat(pod.hostNetwork()).isTrue();
    assertThat(pod.addresses()).hasToString("[192.0.2.1]");
  }

  @Test
  @DisplayName("pods that are alike share their labels and ports")
  void shared() {
    String ports = "containers: [{name: c, ports: [{name: a, containerPort: 1}]}]";
    PodRecord one = pod("labels: {app: web, tier: front}", ports, "").pod();
    PodRecord other = pod("labels: {tier: front, app: web}", ports, "").pod();
    assertThat(one.labels()).isSameAs(other.labels());
    assertThat(one.ports()).isSameAs(other.ports());
    assertThat(one.key().namespace()).isSameAs(other.key().namespace());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a Namespace has its name as a label, whatever else it says")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          labels: {team: a}                              | {kubernetes.io/metadata.name=shop, team=a}
          labels: null                                   | {kubernetes.io/metadata.name=shop}
          labels: {kubernetes.io/metadata.name: other}   | {kubernetes.io/metadata.name=shop}
          labels: {team: null}                           | {kubernetes.io/metadata.name=shop, team=}
          """)
  void namespaces(String metadata, String labels) {
    assertThat(namespace(metadata).with("").namespace().name()).isEqualTo("shop");
    assertThat(namespace(metadata).namespace().labels()).hasToString(labels);
  }
}

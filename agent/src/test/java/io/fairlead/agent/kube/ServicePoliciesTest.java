package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.TrafficPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traffic policies, session affinity and age of an API object. */
class ServicePoliciesTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("externalTrafficPolicy counts only where clients outside can reach it (services 21)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: LoadBalancer, externalTrafficPolicy: Local  | LOCAL   | ''
          type: NodePort, externalTrafficPolicy: Local      | LOCAL   | ''
          externalIPs: [192.0.2.1], externalTrafficPolicy: Local | LOCAL | ''
          type: ClusterIP, externalTrafficPolicy: Local     | CLUSTER | ''
          externalTrafficPolicy: Local                      | CLUSTER | ''
          type: NodePort, externalTrafficPolicy: Cluster    | CLUSTER | ''
          type: NodePort                                    | CLUSTER | ''
          type: NodePort, externalTrafficPolicy: ''         | CLUSTER | ''
          type: NodePort, externalTrafficPolicy: Nearby     | CLUSTER | spec.externalTrafficPolicy is "Nearby", not Cluster or Local
          """)
  void external(String spec, TrafficPolicy policy, String problem) {
    assertThat(service(spec).with(problem).service().externalPolicy()).isEqualTo(policy);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("internalTrafficPolicy, Cluster where it is absent (services 29)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          internalTrafficPolicy: Local    | LOCAL   | ''
          internalTrafficPolicy: Cluster  | CLUSTER | ''
          internalTrafficPolicy: null     | CLUSTER | ''
          internalTrafficPolicy: local    | CLUSTER | spec.internalTrafficPolicy is "local", not
          """)
  void internal(String spec, TrafficPolicy policy, String problem) {
    assertThat(service(spec).with(problem).service().internalPolicy()).isEqualTo(policy);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("session affinity and its seconds, three hours where none are given")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sessionAffinity: None                            | 0     | ''
          sessionAffinity: null                            | 0     | ''
          sessionAffinity: ClientIP                        | 10800 | ''
          sessionAffinity: ClientIP, sessionAffinityConfig: {} | 10800 | ''
          sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {}} | 10800 | ''
          sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}} | 1 | ''
          sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86400}} | 86400 | ''
          sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}} | 10800 | timeoutSeconds is 86401, not 1 to 86400
          sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}} | 10800 | timeoutSeconds is 0
          sessionAffinity: None, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}} | 0 | ''
          sessionAffinity: Cookie                          | 0     | spec.sessionAffinity is "Cookie", not ClientIP or None
          """)
  void affinity(String spec, int seconds, String problem) {
    assertThat(service(spec).with(problem).service().affinitySeconds()).isEqualTo(seconds);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("its age, unknown where it does not say")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          creationTimestamp: "2026-01-31T12:00:00Z"      | 1769860800 | ''
          creationTimestamp: 2026-01-31T12:00:00Z        | 1769860800 | ''
          creationTimestamp: "2026-01-31T14:00:00+02:00" | 1769860800 | ''
          creationTimestamp: "2026-01-31T12:00:00.999Z"  | 1769860800 | ''
          creationTimestamp: null                        | 0          | ''
          creationTimestamp: yesterday                   | 0          | metadata.creationTimestamp: "yesterday" is not a time
          creationTimestamp: "+999999999-01-01T00:00:00Z" | 0         | is not a time
          """)
  void created(String metadata, long seconds, String problem) {
    assertThat(service(metadata, "", "").with(problem).service().created()).isEqualTo(seconds);
  }

  @ParameterizedTest(name = "annotation {0}")
  @DisplayName("the scheduler of IPVS, the node's default where it is absent or unknown")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wlc                        | wlc                     | ''
          ' mh, mh-fallback,mh-port' | mh,mh-fallback,mh-port  | ''
          ''                         | ''                      | ''
          random                     | ''                      | annotation fairlead.io/ipvs-scheduler: "random" is no scheduler of IPVS
          rr,mh-port                 | ''                      | "mh-port" is no flag of scheduler rr
          """)
  void ipvsScheduler(String annotation, String scheduler, String problem) {
    String metadata = "annotations: {fairlead.io/ipvs-scheduler: '" + annotation + "'}";
    assertThat(service(metadata, "", "").with(problem).service().ipvsScheduler())
        .isEqualTo(scheduler);
  }
}

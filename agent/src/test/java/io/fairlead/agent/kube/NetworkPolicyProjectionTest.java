package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NetworkPolicies of the API, as they should be and as they should not. */
class NetworkPolicyProjectionTest {

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("directions: Ingress always, Egress if there are rules, unless policyTypes says it")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                | []    | -     | ''
          ingress: null, egress: null, policyTypes: null    | []    | -     | ''
          ingress: [], egress: []                           | []    | -     | ''
          ingress: [{}]                                     | [any] | -     | ''
          egress: [{}]                                      | []    | [any] | ''
          policyTypes: [], egress: [{}]                     | []    | [any] | ''
          policyTypes: [Ingress], egress: [{}]              | []    | -     | ''
          policyTypes: [Egress], ingress: [{}]              | -     | []    | ''
          policyTypes: [Egress, Ingress]                    | []    | []    | ''
          policyTypes: [ingress], ingress: [{}]             | [any] | []    | spec.policyTypes has "ingress", not Ingress or Egress
          policyTypes: [Egress, null], ingress: [{}]        | [any] | []    | spec.policyTypes has "null"
          ingress: [null, {}]                               | [any] | -     | spec.ingress[0] is empty
          egress: [null]                                    | []    | []    | spec.egress[0] is empty
          egress: [{from: []}]                              | []    | []    | spec.egress[0] has the field "from", which is not known
          ingress: [{form: [{ipBlock: {cidr: 10.0.0.0/8}}]}]| []    | -     | spec.ingress[0] has the field "form"
          policyType: [Egress]                              | []    | -     | spec has the field "policyType", which is not known
          """)
  void directions(String spec, String ingress, String egress, String problem) {
    NetworkPolicyRecord record = policy(spec).with(problem).policy();
    assertThat(rules(record.ingress())).isEqualTo(ingress);
    assertThat(rules(record.egress())).isEqualTo(egress);
    assertThat(record.key()).hasToString("shop/guard");
  }

  private static String rules(@Nullable List<Rule> rules) {
    return rules == null
        ? "-"
        : rules.stream()
            .map(rule -> rule.equals(Rule.EVERYTHING) ? "any" : rule.toString())
            .toList()
            .toString();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("the policy's pods; a selector that cannot be read shuts the whole namespace")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          podSelector: {}                                                                  | ''           | ''
          podSelector: null                                                                | ''           | ''
          podSelector: {matchLabels: null, matchExpressions: null}                         | ''           | ''
          podSelector: {matchLabels: {app: web, a.b/c: ''}}                                | a.b/c=,app=web | ''
          podSelector: {matchExpressions: [{key: a, operator: In, values: [y, x]}]}        | a in (x,y)   | ''
          podSelector: {matchExpressions: [{key: a, operator: NotIn, values: [x]}]}        | a!=x         | ''
          podSelector: {matchExpressions: [{key: a, operator: Exists}]}                    | a            | ''
          podSelector: {matchExpressions: [{key: a, operator: DoesNotExist, values: []}]}  | !a           | ''
          podSelector: {matchLabels: {a: b}, matchExpressions: [{key: c, operator: Like}]} | ''           | spec.podSelector.matchExpressions[0] has the operator "Like", not In
          podSelector: {matchExpressions: [{key: c}]}                                      | ''           | has the operator "null"
          podSelector: {matchExpressions: [{key: c, operator: In}]}                        | ''           | matchExpressions[0] has no values, which In needs
          podSelector: {matchExpressions: [{key: c, operator: NotIn, values: []}]}         | ''           | has no values, which NotIn needs
          podSelector: {matchExpressions: [{key: c, operator: Exists, values: [x]}]}       | ''           | has values, but Exists takes none
          podSelector: {matchExpressions: [{key: c, operator: In, values: [x, null]}]}     | ''           | values: "null" is not a label's value
          podSelector: {matchExpressions: [{key: c, operator: NotIn, values: ['a b']}]}    | ''           | values: "a b" is not a label's value
          podSelector: {matchExpressions: [{operator: Exists}]}                            | ''           | "null" is not a label's key
          podSelector: {matchExpressions: [null]}                                          | ''           | matchExpressions[0] is empty
          podSelector: {matchExpressions: [{key: c, operator: Exists, not: true}]}         | ''           | has the field "not", which is not known
          podSelector: {matchLabels: {'a b': c}}                                           | ''           | matchLabels: "a b" is not a label's key
          podSelector: {matchLabels: {A.b/c: c}}                                           | ''           | matchLabels: "A.b/c" is not a label's key
          podSelector: {matchLabels: {a: null}}                                            | ''           | matchLabels: "null" is not a label's value
          podSelector: {matchLabels: {a: -b}}                                              | ''           | matchLabels: "-b" is not a label's value
          podSelector: {matchLabel: {a: b}}                                                | ''           | spec.podSelector has the field "matchLabel", which is not known
          """)
  void pods(String spec, String selector, String problem) {
    ProjectionFixture fixture = policy(spec);
    NetworkPolicyRecord record = fixture.policy();
    assertThat(record.pods()).hasToString(selector);
    assertThat(record.ingress()).isEmpty();
    assertThat(record.problems()).isEqualTo(fixture.problems());
    if (problem.isEmpty()) {
      fixture.with("");
    } else {
      assertThat(fixture.problems()).hasSize(2).first().asString().contains(problem);
      assertThat(fixture.problems()).last().asString().contains("selects every pod");
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a rule's peers; what is wrong with one matches nobody (policy 13, faults 33)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null                                                                    | any | ''
          '[]'                                                                    | any | ''
          '[{podSelector: {}}]'                                                   | pods * of here | ''
          '[{podSelector: {matchLabels: {a: b}}}]'                                | pods a=b of here | ''
          '[{namespaceSelector: {}}]'                                             | pods * of * | ''
          '[{namespaceSelector: {matchLabels: {a: b}}, podSelector: null, ipBlock: null}]' | pods * of a=b | ''
          '[{namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: {c: d}}}]' | pods c=d of a=b | ''
          '[{namespaceSelector: {}}, {podSelector: {}}]'                          | pods * of * + pods * of here | ''
          '[{ipBlock: {cidr: 10.0.0.0/8}}]'                                       | 10.0.0.0/8 except [] | ''
          '[{ipBlock: {cidr: 10.0.0.7/8, except: null}}]'                         | 10.0.0.0/8 except [] | ''
          '[{ipBlock: {cidr: "fd00::/8", except: ["fd00:1::/32", "fd00:2::1/128"]}}]' | fd00::/8 except [fd00:1::/32, fd00:2::1/128] | ''
          '[{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]'                  | 0.0.0.0/0 except [10.0.0.0/8] | ''
          '[{}]'                                                                  | none | spec.ingress[0].from[0] names no peer
          '[null]'                                                                | none | spec.ingress[0].from[0] is empty
          '[{}, {podSelector: {}}]'                                               | pods * of here | spec.ingress[0].from[0] names no peer
          '[{serviceSelector: {}}]'                                               | none | has the field "serviceSelector", which is not known
          '[{podSelector: {}, serviceSelector: {}}]'                              | none | has the field "serviceSelector", which is not known
          '[{ipBlock: {}}]'                                                       | none | spec.ingress[0].from[0].ipBlock.cidr is empty
          '[{ipBlock: {cidr: ""}}]'                                               | none | spec.ingress[0].from[0].ipBlock.cidr is empty
          '[{ipBlock: {cidr: 10.0.0.0}}]'                                         | none | ipBlock.cidr: "10.0.0.0" is not a CIDR
          '[{ipBlock: {cidr: 10.0.0.0/33}}]'                                      | none | ipBlock.cidr: "10.0.0.0/33" is not a CIDR
          '[{ipBlock: {cidr: "::ffff:10.0.0.0/8"}}]'                              | none | is IPv4 written as IPv6
          '[{ipBlock: {cidr: 10.0.0.0/8, except: [nonsense]}}]'                   | none | ipBlock.except[0]: "nonsense" is not a CIDR
          '[{ipBlock: {cidr: 10.0.0.0/8, except: [null]}}]'                       | none | ipBlock.except[0] is empty
          '[{ipBlock: {cidr: 10.0.0.0/8, except: [192.0.2.0/24]}}]'               | none | ipBlock.except[0]: 192.0.2.0/24 is not a part of 10.0.0.0/8
          '[{ipBlock: {cidr: 10.0.0.0/8, except: [0.0.0.0/0]}}]'                  | none | 0.0.0.0/0 is not a part of 10.0.0.0/8
          '[{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]'                 | none | 10.0.0.0/8 is not a part of 10.0.0.0/8
          '[{ipBlock: {cidr: 10.0.0.0/8, except: ["fd00::/8"]}}]'                 | none | fd00::/8 is not a part of 10.0.0.0/8
          '[{ipBlock: {cidr: 10.0.0.0/8, expect: [10.1.0.0/16]}}]'                | none | ipBlock has the field "expect", which is not known
          '[{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]'                      | none | has selectors beside an ipBlock
          '[{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}]'                | none | has selectors beside an ipBlock
          '[{namespaceSelector: {matchLabels: {"": b}}}]'                         | none | namespaceSelector.matchLabels: "" is not a label's key
          '[{namespaceSelector: {}, podSelector: {matchLabels: {a: "b c"}}}]'     | none | podSelector.matchLabels: "b c" is not a label's value
          '[{podSelector: {matchLabels: {a: "b c"}}}, {ipBlock: {cidr: 10.0.0.0/8}}]' | 10.0.0.0/8 except [] | from[0].podSelector.matchLabels
          """)
  void peers(String from, String peers, String problem) {
    NetworkPolicyRecord record =
        policy("ingress: [{from: " + from + "}, {ports: [{port: 1}]}]").with(problem).policy();
    List<Rule> ingress = Objects.requireNonNull(record.ingress());
    assertThat(PolicyText.peers(ingress.getFirst().peers())).isEqualTo(peers);
    assertThat(ingress.getFirst().ports()).isNull();
    assertThat(ingress).as("the other rule stays in force").hasSize(2);
    assertThat(
            PolicyText.peers(
                Objects.requireNonNull(policy("egress: [{to: " + from + "}]").policy().egress())
                    .getFirst()
                    .peers()))
        .isEqualTo(peers);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a rule's ports; what is wrong with one matches nothing (policy 11, faults 14)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null                                                  | any | ''
          '[]'                                                  | any | ''
          '[{}]'                                                | TCP 0-65535 | ''
          '[{protocol: SCTP}]'                                  | SCTP 0-65535 | ''
          '[{protocol: "", port: null}]'                        | TCP 0-65535 | ''
          '[{port: 80}]'                                        | TCP 80-80 | ''
          '[{port: 65535, protocol: UDP}, {port: 1}]'           | UDP 65535-65535 + TCP 1-1 | ''
          '[{port: 80, endPort: 90}]'                           | TCP 80-90 | ''
          '[{port: 80, endPort: 80}]'                           | TCP 80-80 | ''
          '[{port: http-1, protocol: UDP}]'                     | UDP http-1 | ''
          '[null]'                                              | none | spec.ingress[0].ports[0] is empty
          '[null, {port: 80}]'                                  | TCP 80-80 | spec.ingress[0].ports[0] is empty
          '[{port: 0}]'                                         | none | spec.ingress[0].ports[0] has the port 0, not 1 to 65535
          '[{port: 65536}]'                                     | none | has the port 65536
          '[{port: -1}]'                                        | none | has the port -1
          '[{port: "80"}]'                                      | none | has the port "80", neither a number nor a name
          '[{port: ""}]'                                        | none | has the port ""
          '[{port: HTTP}]'                                      | none | has the port "HTTP"
          '[{port: a--b}]'                                      | none | has the port "a--b"
          '[{port: -a}]'                                        | none | has the port "-a"
          '[{port: sixteen-letters-}]'                          | none | has the port "sixteen-letters-"
          '[{port: sixteen-letters}]'                           | TCP sixteen-letters | ''
          '[{protocol: tcp}]'                                   | none | has the protocol "tcp", not TCP, UDP or SCTP
          '[{protocol: ICMP, port: 80}, {port: 81}]'            | TCP 81-81 | has the protocol "ICMP"
          '[{endPort: 90}]'                                     | none | has an endPort and no port
          '[{port: 80, endPort: 79}]'                           | none | has the endPort 79, which is below the port 80
          '[{port: 80, endPort: 65536}]'                        | none | ports[0].endPort has the port 65536
          '[{port: http, endPort: 90}]'                         | none | has an endPort beside the name "http"
          '[{prot: 80}]'                                        | none | ports[0] has the field "prot", which is not known
          """)
  void ports(String given, String ports, String problem) {
    NetworkPolicyRecord record =
        policy("ingress: [{ports: " + given + "}, {ports: [{port: 1}]}]").with(problem).policy();
    List<Rule> ingress = Objects.requireNonNull(record.ingress());
    assertThat(PolicyText.ports(ingress.getFirst().ports())).isEqualTo(ports);
    assertThat(ingress.getFirst().peers()).isNull();
    assertThat(ingress).as("the other rule stays in force").hasSize(2);
  }

  @Test
  @DisplayName("a policy that defies the projection shuts its namespace, both ways")
  void defiant() {
    NetworkPolicy policy =
        new NetworkPolicyBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("guard")
            .endMetadata()
            .build();
    policy.setSpec(
        new NetworkPolicySpec() {
          @Override
          public List<String> getPolicyTypes() {
            throw new IllegalStateException("defiant");
          }
        });
    Projected projected = NetworkPolicyProjection.project(policy);
    assertThat(projected.problems()).singleElement().asString().contains("defiant");
    NetworkPolicyRecord record =
        Objects.requireNonNull(((NetworkPolicyChanged) projected.change()).policy());
    assertThat(record.pods()).isEqualTo(LabelSelector.EVERYTHING);
    assertThat(record.ingress()).isEmpty();
    assertThat(record.egress()).isEmpty();
    assertThat(record.problems()).isEqualTo(projected.problems());
  }

  @Test
  @DisplayName("a policy without a spec isolates its namespace's ingress, as at the API server")
  void withoutSpec() {
    NetworkPolicy policy =
        new NetworkPolicyBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("guard")
            .endMetadata()
            .build();
    NetworkPolicyRecord record =
        Objects.requireNonNull(
            ((NetworkPolicyChanged) NetworkPolicyProjection.project(policy).change()).policy());
    assertThat(record.ingress()).isEmpty();
    assertThat(record.egress()).isNull();
    assertThat(record.problems()).isEmpty();
  }

  @Test
  @DisplayName("equal rules and selectors of many policies are one")
  void shared() {
    String spec =
        "podSelector: {matchLabels: {a: b}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}]";
    NetworkPolicyRecord one = policy(spec).policy();
    NetworkPolicyRecord other = policy(spec).policy();
    assertThat(one.pods()).isSameAs(other.pods());
    assertThat(one.ingress()).isSameAs(other.ingress());
  }
}

package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.allow;
import static io.fairlead.dataplane.policy.PolicyText.block;
import static io.fairlead.dataplane.policy.PolicyText.key;
import static io.fairlead.dataplane.policy.PolicyText.on;
import static io.fairlead.dataplane.policy.PolicyText.pods;
import static io.fairlead.dataplane.policy.PolicyText.port;
import static io.fairlead.dataplane.policy.PolicyText.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether a change may allow less. */
class NarrowingTest {

  record Row(
      String name, boolean isNarrower, @Nullable List<Rule> before, @Nullable List<Rule> after) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Row wider(String name, List<Rule> before, Rule... after) {
    return new Row(name, false, before, List.of(after));
  }

  private static Row narrower(String name, List<Rule> before, Rule... after) {
    return new Row(name, true, before, List.of(after));
  }

  static Stream<Row> rules() {
    List<Rule> tcp = List.of(on(port("tcp 80")));
    List<Rule> ports = List.of(on(port("tcp 80"), port("udp 53")));
    List<Rule> range = List.of(on(port("tcp 80-90")));
    List<Rule> web = List.of(with(pods("app=web")));
    List<Rule> webOn80 = List.of(allow(List.of(pods("app=web")), port("tcp 80")));
    List<Rule> holed = List.of(with(block("10.0.0.0/8", "10.1.0.0/16")));
    return Stream.of(
        new Row("isolates no more", false, tcp, null),
        new Row("isolates since now: the subjects tell", false, null, tcp),
        wider("the same", tcp, on(port("tcp 80"))),
        wider("a rule more", tcp, with(pods("app=web")), on(port("tcp 80"))),
        wider("everything", tcp, Rule.EVERYTHING),
        narrower("nothing", tcp),
        narrower("of everything", List.of(Rule.EVERYTHING), on(port("tcp"))),
        wider("a port more", tcp, on(port("udp 53"), port("tcp 80"))),
        narrower("a port less", ports, on(port("tcp 80"))),
        wider("a wider range", range, on(port("tcp 79-90"))),
        narrower("a shorter range", range, on(port("tcp 80-89"))),
        narrower("a later range", range, on(port("tcp 81-99"))),
        narrower("another protocol", range, on(port("udp 80-90"))),
        narrower("a number for a name", List.of(on(port("tcp web"))), on(port("tcp 80"))),
        wider("the same name", List.of(on(port("tcp web"))), on(port("tcp web"), port("tcp 1"))),
        wider("a peer more", web, with(pods("app=db"), pods("app=web"))),
        wider("any peer", web, Rule.EVERYTHING),
        narrower("another peer", web, with(pods("app=db"))),
        narrower("a selector that may mean others", web, with(pods(""))),
        narrower("peers of another kind", web, with(pods("", "app=web"))),
        narrower("ports of a peer", web, allow(List.of(pods("app=web")), port("tcp 80"))),
        wider("all ports of a peer", webOn80, with(pods("app=web"))),
        narrower("split over two rules", webOn80, with(pods("b=1")), on(port("tcp 81"))),
        wider("a wider block", holed, with(block("0.0.0.0/0", "10.1.0.0/16"))),
        wider("without hole", holed, with(block("10.0.0.0/8"))),
        wider("a smaller hole", holed, with(block("10.0.0.0/8", "10.1.2.0/24"))),
        wider("a hole elsewhere", holed, with(block("0.0.0.0/0", "10.1.0.0/16", "11.0.0.0/8"))),
        narrower("a wider hole", holed, with(block("10.0.0.0/8", "10.0.0.0/15"))),
        narrower("another hole", holed, with(block("10.0.0.0/8", "10.1.0.0/16", "10.9.0.0/16"))),
        narrower("a smaller block", holed, with(block("10.0.0.0/9", "10.1.0.0/16"))),
        narrower("the other family", holed, with(block("::/0"))));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void comparesRules(Row row) {
    assertThat(Narrowing.isNarrower(row.after, row.before)).isEqualTo(row.isNarrower);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', false",
    "'', a, true",
    "a, '', false",
    "a, a b, false",
    "b, a b c, false",
    "a c, a b c, false",
    "a b, a, true",
    "a, b, true",
    "a c, b c d, true",
  })
  void comparesWhichPoliciesIsolate(String before, String after, boolean isNarrower) {
    List<ObjectKey> then = keys(before);
    List<ObjectKey> now = keys(after);
    assertThat(Narrowing.isNarrower(new Subject(now, List.of()), new Subject(then, List.of())))
        .isEqualTo(isNarrower);
    assertThat(Narrowing.isNarrower(new Subject(then, now), new Subject(then, then)))
        .isEqualTo(isNarrower);
  }

  @Test
  void eachDirectionIsForItself() {
    assertThat(
            Narrowing.isNarrower(
                new Subject(keys("a"), List.of()), new Subject(List.of(), keys("a"))))
        .isTrue();
  }

  private static List<ObjectKey> keys(String names) {
    List<ObjectKey> keys = new ArrayList<>();
    for (String name : names.isEmpty() ? List.<String>of() : List.of(names.split(" ", -1))) {
      keys.add(key("x/" + name));
    }
    return keys;
  }
}

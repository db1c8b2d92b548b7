package io.fairlead.iptables.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IptablesRuleTest {

  static List<RuleExamples.Example> examples() {
    return RuleExamples.all();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void hasTheTextOfIptablesSave(RuleExamples.Example example) {
    assertThat(example.rule().text(example.family())).isEqualTo(example.text());
  }

  @Test
  void equalRulesAreEqualHoweverTheyWereWritten() {
    Match tcp = new Match.ProtocolIs(Protocol.TCP);
    Match from = new Match.Source(Cidr.parse("10.0.0.0/8"), false);
    assertThat(IptablesRule.of(new Target.Accept(), tcp, from))
        .isEqualTo(IptablesRule.of(new Target.Accept(), from, tcp));
  }

  static List<ThrowingCallable> mistakes() {
    Match tcp = new Match.ProtocolIs(Protocol.TCP);
    return List.of(
        () -> IptablesRule.of(new Target.Accept(), new Match.DestinationPort(80)),
        () ->
            IptablesRule.of(
                new Target.DestinationNat(new EndpointAddress(IpAddress.parse("10.0.0.1"), 80))),
        () -> IptablesRule.of(new Target.Accept(), tcp, tcp),
        () -> new Match.DestinationPort(65536),
        () -> new Match.DestinationPort(-1),
        () -> new Match.Comment(""),
        () -> new Match.Comment("two\nlines"),
        () -> new Match.Comment("\u00e9".repeat(128)),
        () -> new Match.Source(Cidr.parse("0.0.0.0/0"), true),
        () -> new Match.InInterface("+", false),
        () -> new Match.InInterface("sixteen-letters+", false),
        () -> new Match.Recent("a/b", true, 0, false),
        () -> new Match.Recent("a", true, 5, false),
        () -> new Match.Recent("a", false, 0, true),
        () -> new Match.RandomShare(Match.RandomShare.ALL + 1));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  @DisplayName("What iptables has no words for is refused where it is made")
  void refuses(ThrowingCallable mistake) {
    assertThatThrownBy(mistake).isInstanceOf(IllegalArgumentException.class);
  }
}

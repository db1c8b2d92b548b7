package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ExpressionCodec;
import io.fairlead.dataplane.netlink.nftables.expression.XtMatch;
import io.fairlead.dataplane.testing.GoldenVector;
import io.fairlead.dataplane.testing.Seed;
import io.fairlead.iptables.rule.RuleExamples;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RuleCodecTest {

  static List<RuleExamples.Example> examples() {
    return RuleExamples.all();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void whatIsWrittenIsReadBackWithItsCounters(RuleExamples.Example example) {
    List<Expression> expressions =
        new ArrayList<>(RuleEncoder.encode(example.family(), example.rule()));
    expressions.replaceAll(step -> step instanceof Counter ? new Counter(7, 700) : step);
    assertThat(RuleDecoder.read(example.family(), expressions))
        .isEqualTo(new XtablesSnapshot.HeldRule(example.text(), 7, 700));
  }

  @Test
  void expressionsAreTheBytesOfIptablesNft() {
    MessageWriter writer = new MessageWriter();
    writer.begin(0, 0, 0);
    for (RuleExamples.Example example : examples()) {
      ExpressionCodec.write(writer, RuleEncoder.encode(example.family(), example.rule()));
    }
    writer.end();
    GoldenVector.assertMatches("iptables/rules", writer.toBytes());
  }

  @Test
  @DisplayName("What somebody else changed in a rule is never taken for ours (services 43)")
  void changedRules() {
    RandomGenerator random = Seed.generator("changed rules");
    int unknown = 0;
    for (int i = 0; i < 20_000; i++) {
      RuleExamples.Example example = examples().get(random.nextInt(examples().size()));
      List<Expression> expressions =
          new ArrayList<>(RuleEncoder.encode(example.family(), example.rule()));
      int at = random.nextInt(expressions.size());
      switch (random.nextInt(3)) {
        case 0 -> expressions.remove(at);
        case 1 -> expressions.add(at, expressions.get(random.nextInt(expressions.size())));
        default -> expressions.set(at, damaged(expressions.get(at), random));
      }
      var rule = RuleDecoder.decode(example.family(), expressions);
      if (rule == null) {
        unknown++;
      } else {
        assertThat(RuleEncoder.encode(example.family(), rule)).isEqualTo(expressions);
      }
    }
    assertThat(unknown).isGreaterThan(1_000);
  }

  private static Expression damaged(Expression expression, RandomGenerator random) {
    if (!(expression instanceof XtMatch(String name, int revision, Bytes info))) {
      return expression;
    }
    byte[] content = info.toArray();
    content[random.nextInt(content.length)] ^= (byte) (1 + random.nextInt(255));
    return new XtMatch(name, revision, Bytes.of(content, random.nextInt(content.length + 1)));
  }
}

package io.fairlead.bench.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is refused before anything is made. */
class PolicyCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pods=many | --pods",
        "--pods=10001 | multiples of 10 times",
        "--local=1 | 2 to 200 pods",
        "--policies=150 | multiples of the pods of this node",
        "--changes=0 | 1 change of each kind at least",
        "--what=speed | there is no figure \"speed\"; try policy-update",
        "--colour=red | --colour"
      })
  void refusesWithAsentence(String argument, String sentence) {
    StringWriter error = new StringWriter();
    CommandLine line = new CommandLine(new PolicyCommand()).setErr(new PrintWriter(error));
    assertThat(line.execute(argument)).isEqualTo(2);
    assertThat(error.toString()).contains(sentence);
  }
}

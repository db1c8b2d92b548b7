package io.fairlead.dataplane.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Alignment.Line;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlignmentTest {

  private static List<Line> lines(String text) {
    return Stream.of(text.split(" ")).filter(each -> !each.isEmpty()).map(Line::of).toList();
  }

  /** "a" of what is there, "-b" of what is missing, "c/b" of what is there instead, "+d". */
  private static String compare(String wanted, String found) {
    StringBuilder text = new StringBuilder();
    for (KernelObject object : Alignment.of("place", lines(wanted), lines(found))) {
      String shown =
          switch (object.state()) {
            case PRESENT -> object.text();
            case MISSING -> "-" + object.text();
            case DIFFERENT ->
                object
                    .text()
                    .replaceFirst("found (\\S+), wanted nothing", "+$1")
                    .replaceFirst("found (\\S+), wanted (\\S+)", "$1/$2");
          };
      text.append(text.isEmpty() ? "" : " ").append(shown);
    }
    return text.toString();
  }

  @Test
  void whatIsRightStaysInOrder() {
    assertThat(compare("a b c", "a b c")).isEqualTo("a b c");
    assertThat(compare("", "")).isEmpty();
    assertThat(compare("a a b", "a a b")).isEqualTo("a a b");
  }

  @Test
  void whatDiffersIsToldWhereItIs() {
    assertThat(compare("a b c", "a c")).isEqualTo("a -b c");
    assertThat(compare("a b c", "a x b c")).isEqualTo("a +x b c");
    assertThat(compare("a b c", "a x c")).isEqualTo("a x/b c");
    assertThat(compare("a b c", "a")).isEqualTo("a -b -c");
    assertThat(compare("a", "x a y z")).isEqualTo("+x a +y +z");
    assertThat(compare("a b", "")).isEqualTo("-a -b");
    assertThat(compare("a b c d", "x y d")).isEqualTo("x/a y/b -c d");
    assertThat(compare("a a", "a")).isEqualTo("a -a");
  }

  @Test
  void countsAreThoseOfTheKernel() {
    List<KernelObject> objects =
        Alignment.of("place", lines("a"), List.of(new Line("a", "as shown", 3, 300)));
    assertThat(objects).containsExactly(KernelObject.counted("place", "as shown", 3, 300));
  }
}

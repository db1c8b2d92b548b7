package io.fairlead.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The manifests for those who do not use Helm are what Helm makes. With the system property
 * fairlead.manifests.write they are written: {@code make manifests}.
 */
class ManifestsTest {

  private static final String HEAD =
      "# Made of deploy/chart/fairlead by `make manifests`; a test holds it to that. Change it there.\n";

  @ParameterizedTest
  @CsvSource({"fairlead.yaml, '{}'", "cleanup.yaml, 'cleanup: {enabled: true}'"})
  @DisplayName("the plain manifests are what the chart renders")
  void areWhatTheChartRenders(String name, String values) throws IOException {
    Path file = Chart.ROOT.resolve("deploy/manifests").resolve(name);
    String rendered = HEAD + Chart.text(values).strip() + "\n";
    if (Boolean.getBoolean("fairlead.manifests.write")) {
      Files.writeString(file, rendered);
    }
    assertThat(file).as("run `make manifests`").hasContent(rendered);
  }

  @Test
  @DisplayName("the chart has the project's version")
  void hasTheVersion() throws IOException {
    Matcher project =
        Pattern.compile("<artifactId>fairlead</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(Files.readString(Chart.ROOT.resolve("pom.xml")));
    assertThat(project.find()).isTrue();
    String chart = Files.readString(Chart.FOLDER.resolve("Chart.yaml"));
    assertThat(chart).contains("\nversion: " + project.group(1) + "\n");
    assertThat(chart).contains("\nappVersion: " + project.group(1) + "\n");
  }

  @Test
  @DisplayName("Helm's linter has no objection")
  void isLinted() {
    LintResult result = new Helm(Chart.FOLDER).lint().call();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
    assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
  }
}

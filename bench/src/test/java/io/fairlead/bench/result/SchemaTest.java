package io.fairlead.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.fairlead.bench.report.SampleResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/benchmark.schema.json says what results are. */
class SchemaTest {

  private static List<String> complaints(String json) throws IOException {
    Path file =
        Path.of(System.getProperty("fairlead.root", "..")).resolve("docs/benchmark.schema.json");
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(file));
    return schema.validate(json, InputFormat.JSON).stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }

  @Test
  void resultsAreValid() throws Exception {
    assertThat(complaints(SampleResults.make(2).toJson())).isEmpty();
    Cell cell =
        new Cell(
            "first-sync",
            Map.of("contender", "fairlead ipvs", "services", "10", "kernel", "lab", "to", "007"),
            "ms",
            List.of(0.0, -1.5, 1e-9));
    assertThat(complaints(new Results(Map.of("kernel", "6.18"), List.of(cell)).toJson())).isEmpty();
  }

  @Test
  void theSchemaRefusesWhatIsNoResult() throws Exception {
    assertThat(complaints("{\"cells\": []}")).hasSize(1).first().asString().contains("environment");
    String json = SampleResults.make(3).toJson();
    assertThat(complaints(json.replaceFirst("\"n\" : 40", "\"n\" : 0"))).hasSize(1);
    assertThat(complaints(json.replaceFirst("\"contender\" :", "\"rival\" :"))).hasSize(1);
    assertThat(complaints(json.replaceFirst("\"unit\"", "\"unti\""))).hasSize(2);
  }
}

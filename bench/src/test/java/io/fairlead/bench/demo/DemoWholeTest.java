package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.SampleCluster;
import io.fairlead.bench.lab.Whole;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every check of the demo, in its order, on one cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoWholeTest {

  private @Nullable SampleCluster cluster;

  @BeforeAll
  void create() throws Exception {
    SampleCluster made = new SampleCluster(Lab.create(LabOptions.of(2), Whole.distribution()));
    cluster = made;
    made.lab().startAgents();
    made.attachPods();
    made.publishService();
  }

  @AfterAll
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> checks() {
    return Checks.all().stream()
        .map(check -> DynamicTest.dynamicTest(check.title(), () -> run(check)));
  }

  private void run(Check check) throws IOException, InterruptedException {
    if (cluster == null) {
      throw new AssertionError("the cluster was not made");
    }
    System.out.println(check.title() + ": " + check.run(cluster));
  }
}

package example;

import java.security.Principal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class OrdersApplication {
  public static void main(String[] args) {
    SpringApplication.run(OrdersApplication.class, args);
  }

  @GetMapping("/v1/orders/{order}")
  String read(@PathVariable String order, Principal caller) {
    return caller.getName() + " reads " + order;
  }

  @PostMapping("/v1/orders/{order}/refund")
  String refund(@PathVariable String order, @RequestBody String body, Principal caller) {
    return caller.getName() + " refunds " + order + " with " + body;
  }
}

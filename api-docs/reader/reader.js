"use strict";

// Without Swagger UI the page keeps saying where it is to be had.
if (window.SwaggerUIBundle) {
  document.getElementById("missing").remove();
  window.SwaggerUIBundle({
    url: "/openapi.yaml",
    dom_id: "#reader",
    validatorUrl: null, // asks nobody else about the document
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
  });
}

// Calls every operation on APIs and stages once, with the AWS SDK for Go, and prints what a reader of the answers sees.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

var ctx = context.Background()

func must[T any](answer T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return answer
}

func main() {
	endpoint, backend := os.Args[1], os.Args[2]
	config := aws.Config{
		Region: "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
		}),
	}
	rest(apigateway.NewFromConfig(config, func(o *apigateway.Options) {
		o.EndpointResolver = apigateway.EndpointResolverFromURL(endpoint)
	}), backend)
	webSocket(apigatewayv2.NewFromConfig(config, func(o *apigatewayv2.Options) {
		o.EndpointResolver = apigatewayv2.EndpointResolverFromURL(endpoint)
	}))
}

func rest(c *apigateway.Client, backend string) {
	api := must(c.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: aws.String("Orders")})).Id
	must(c.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: api}))
	fmt.Println("apis", len(must(c.GetRestApis(ctx, &apigateway.GetRestApisInput{Limit: aws.Int32(500)})).Items))
	root := must(c.GetResources(ctx, &apigateway.GetResourcesInput{RestApiId: api})).Items[0].Id
	orders := must(c.CreateResource(ctx, &apigateway.CreateResourceInput{
		RestApiId: api, ParentId: root, PathPart: aws.String("orders"),
	}))
	fmt.Println("path", *orders.Path)
	get := aws.String("GET")
	must(c.PutMethod(ctx, &apigateway.PutMethodInput{
		RestApiId: api, ResourceId: orders.Id, HttpMethod: get, AuthorizationType: aws.String("NONE"),
	}))
	must(c.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: api, ResourceId: orders.Id, HttpMethod: get, Type: types.IntegrationTypeHttpProxy,
		IntegrationHttpMethod: get, Uri: aws.String(backend + "/orders"),
	}))
	deployment := must(c.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api})).Id
	fmt.Println("deployments", len(must(c.GetDeployments(ctx, &apigateway.GetDeploymentsInput{RestApiId: api})).Items))
	prod := aws.String("prod")
	must(c.CreateStage(ctx, &apigateway.CreateStageInput{RestApiId: api, StageName: prod, DeploymentId: deployment}))
	for _, certificate := range []string{"a", ""} {
		updated := must(c.UpdateStage(ctx, &apigateway.UpdateStageInput{
			RestApiId: api, StageName: prod,
			PatchOperations: []types.PatchOperation{{
				Op: types.OpReplace, Path: aws.String("/clientCertificateId"), Value: aws.String(certificate),
			}},
		}))
		read := must(c.GetStage(ctx, &apigateway.GetStageInput{RestApiId: api, StageName: prod}))
		fmt.Println("certificate", aws.ToString(updated.ClientCertificateId), aws.ToString(read.ClientCertificateId))
	}
	fmt.Println("stages", len(must(c.GetStages(ctx, &apigateway.GetStagesInput{RestApiId: api})).Item))
	invoked := must(c.TestInvokeMethod(ctx, &apigateway.TestInvokeMethodInput{
		RestApiId: api, ResourceId: orders.Id, HttpMethod: get, ClientCertificateId: aws.String("b"),
	}))
	fmt.Println("invoked", invoked.Status)
	must(c.DeleteStage(ctx, &apigateway.DeleteStageInput{RestApiId: api, StageName: prod}))
	_, err := c.GetStage(ctx, &apigateway.GetStageInput{RestApiId: api, StageName: prod})
	var notFound *types.NotFoundException
	fmt.Println("error", errors.As(err, &notFound), notFound.ErrorMessage())
	must(c.DeleteRestApi(ctx, &apigateway.DeleteRestApiInput{RestApiId: api}))
}

func webSocket(c *apigatewayv2.Client) {
	api := must(c.CreateApi(ctx, &apigatewayv2.CreateApiInput{
		Name: aws.String("Chat"), ProtocolType: typesv2.ProtocolTypeWebsocket,
		RouteSelectionExpression: aws.String("$request.body.action"),
	})).ApiId
	must(c.GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: api}))
	fmt.Println("apis", len(must(c.GetApis(ctx, &apigatewayv2.GetApisInput{MaxResults: aws.String("500")})).Items))
	prod := aws.String("prod")
	must(c.CreateStage(ctx, &apigatewayv2.CreateStageInput{
		ApiId: api, StageName: prod, ClientCertificateId: aws.String("a"),
	}))
	for _, certificate := range []string{"b", ""} {
		updated := must(c.UpdateStage(ctx, &apigatewayv2.UpdateStageInput{
			ApiId: api, StageName: prod, ClientCertificateId: aws.String(certificate),
		}))
		read := must(c.GetStage(ctx, &apigatewayv2.GetStageInput{ApiId: api, StageName: prod}))
		fmt.Println("certificate", aws.ToString(updated.ClientCertificateId), aws.ToString(read.ClientCertificateId))
	}
	fmt.Println("stages", len(must(c.GetStages(ctx, &apigatewayv2.GetStagesInput{ApiId: api})).Items))
	must(c.DeleteStage(ctx, &apigatewayv2.DeleteStageInput{ApiId: api, StageName: prod}))
	_, err := c.GetStage(ctx, &apigatewayv2.GetStageInput{ApiId: api, StageName: prod})
	var notFound *typesv2.NotFoundException
	fmt.Println("error", errors.As(err, &notFound), notFound.ErrorMessage())
	must(c.DeleteApi(ctx, &apigatewayv2.DeleteApiInput{ApiId: api}))
}

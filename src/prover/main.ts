import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ProverModule } from './prover.module.js';

const app = await NestFactory.createApplicationContext(ProverModule);
app.enableShutdownHooks();

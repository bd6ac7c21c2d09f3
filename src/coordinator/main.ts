import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CoordinatorModule } from './coordinator.module.js';

const app = await NestFactory.create(CoordinatorModule);
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
